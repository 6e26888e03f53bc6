"""Rows of another expo never appear, neither in lists nor by guessing codes and ids."""

from datetime import datetime

import pytest
from flask.testing import FlaskClient

from expo.accounts.queries import list_api_tokens
from expo.accounts.rules import SYSTEM, Permission, Role
from expo.accounts.services import create_api_token, ensure_person, grant_role
from expo.badges.queries import list_signing_keys
from expo.checkin.services.checkpoints import CheckpointRequest, create_checkpoint
from expo.editions.queries import EditionFacts
from expo.mail.queries import EmailFilter, find_emails
from expo.tickets.queries import list_quotas
from tests.make import make_attendee, make_ticket_type


@pytest.fixture
def foreign(other_edition: EditionFacts, now: datetime) -> dict[str, object]:
    """Everything that another expo has, by what an address would name it."""
    made = make_attendee(other_edition, now, name="Foreign Person", email="foreign@example.org", company="Foreign Ltd")
    make_ticket_type(other_edition, now, "foreign", places=7)
    create_checkpoint(SYSTEM, other_edition.id, "foreign", CheckpointRequest(name={"en": "Foreign gate"}), now)
    create_api_token(SYSTEM, other_edition.id, "Foreign token", [Permission.SCAN], now)
    person_id = ensure_person("foreign-desk@example.org", "", "en", now)
    grant_role(SYSTEM, other_edition.id, person_id, Role.DESK, now)
    letters, _more = find_emails(other_edition.id, EmailFilter(), of_no_edition=False)
    return {
        "code": made.code,
        "attendee_id": made.id,
        "letter": letters[0].id,
        "quota": list_quotas(other_edition.id)[0].id,
        "token": list_api_tokens(other_edition.id)[0].id,
        "person": person_id,
        "key": list_signing_keys(other_edition.id)[0].key_id,
    }


def test_lists_when_another_expo_has_rows_then_none_is_shown(
    foreign: dict[str, object], organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_attendee(edition, now, name="Own Person", email="own@example.org")
    paths = (
        "/organizer/",
        "/organizer/attendees",
        "/organizer/attendees?q=foreign",
        "/organizer/attendees/export.csv",
        "/organizer/checkpoints",
        "/organizer/zones",
        "/organizer/control-room",
        "/organizer/arrivals",
        "/organizer/attendance",
        "/organizer/discrepancies",
        "/organizer/evacuation",
        "/organizer/emails",
        "/organizer/settings/tickets",
        "/organizer/settings/quotas",
        "/organizer/settings/team",
        "/organizer/settings/api-tokens",
        "/organizer/search?q=foreign",
    )
    pages = {path: organizer.get(path).text for path in paths}
    assert [
        path for path, page in pages.items() if "oreign" in page.replace("?q=foreign", "").replace('"foreign"', "")
    ] == []
    assert "Own Person" in pages["/organizer/attendees"]


def test_pages_when_the_code_or_id_is_of_another_expo_then_missing(
    foreign: dict[str, object], organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    own = make_attendee(edition, now)
    letters, _more = find_emails(edition.id, EmailFilter(), of_no_edition=False)
    paths = [
        "/organizer/attendees/{code}",
        "/organizer/attendees/{code}/edit",
        "/organizer/attendees/{code}/cancel",
        "/organizer/attendees/{code}/badge.pdf",
        "/organizer/emails/{letter}",
        "/organizer/emails/{letter}/html",
        f"/organizer/emails/{letters[0].id}/badge-{{attendee_id}}.pdf",
        "/organizer/checkpoints/foreign/edit",
        "/organizer/checkpoints/foreign/close",
        "/organizer/zones/foreign/edit",
        "/organizer/zones/foreign/delete",
        "/organizer/settings/tickets/foreign/edit",
        "/organizer/settings/quotas/{quota}/edit",
        "/organizer/settings/team/{person}/roles/desk/remove",
        "/organizer/settings/api-tokens/{token}/revoke",
    ]
    answers = {path: organizer.get(path.format(**foreign)).status_code for path in paths}
    assert answers == dict.fromkeys(paths, 404)
    assert organizer.get(f"/organizer/attendees/{own.code}").status_code == 200


def test_acts_when_the_code_or_id_is_of_another_expo_then_missing(
    foreign: dict[str, object], organizer: FlaskClient
) -> None:
    paths = [
        "/organizer/attendees/{code}/cancel",
        "/organizer/attendees/{code}/reissue",
        "/organizer/emails/{letter}/resend",
        "/organizer/checkpoints/foreign/open",
        "/organizer/checkpoints/foreign/close",
        "/organizer/settings/api-tokens/{token}/revoke",
    ]
    answers = {path: organizer.post(path.format(**foreign)).status_code for path in paths}
    assert answers == dict.fromkeys(paths, 404)


def test_edition_switch_when_an_organizer_has_no_role_there_then_missing(
    organizer: FlaskClient, other_edition: EditionFacts
) -> None:
    assert organizer.post("/organizer/edition", data={"edition": other_edition.id}).status_code == 404


def test_edition_switch_when_an_administrator_switches_then_the_other_expo_is_worked_on(
    foreign: dict[str, object], admin: FlaskClient, other_edition: EditionFacts
) -> None:
    assert admin.post("/organizer/edition", data={"edition": other_edition.id}).status_code == 302
    assert "Foreign Person" in admin.get("/organizer/attendees").text


def test_email_log_when_an_email_lets_somebody_sign_in_then_only_administrators_read_it(
    client: FlaskClient, organizer: FlaskClient, admin: FlaskClient, edition: EditionFacts
) -> None:
    client.post("/sign-in", data={"email": "admin@example.org"})
    [letter], _more = find_emails(edition.id, EmailFilter(message="accounts/sign_in"), of_no_edition=True)
    answers = [browser.get(f"/organizer/emails/{letter.id}").status_code for browser in (organizer, admin)]
    listed = ["admin@example.org" in browser.get("/organizer/emails").text for browser in (organizer, admin)]
    assert (answers, listed) == ([404, 200], [False, True])
    assert letter.subject == f"Your sign-in link for {edition.title['en']}"
