"""A company's pages, exports and API answer nobody but its team and the organizers, in every section."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from expo.accounts.rules import SYSTEM, Permission, Role
from expo.accounts.services import create_api_token, ensure_person, grant_role
from expo.editions.queries import EditionFacts
from expo.exhibitors.queries import CompanyRecord
from expo.exhibitors.rules import MemberRole, WindowRequest
from expo.exhibitors.services import remove_member, set_window
from expo.flows.exhibitor_passes import PassHolder, issue_pass
from tests.domains.exhibitors.makers import make_company, make_member, make_package, make_person
from tests.make import make_attendee, make_ticket_type
from tests.sessions import browser_of

SECRET = "Secretive"
MEANS = ("GET", "POST")


def _rules(app: Flask) -> list[Rule]:
    """Return the addresses under `/exhibitor/<company>`, of this section and of all others."""
    return [
        rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("exhibitor") and "company" in rule.arguments
    ]


def _requests(app: Flask, slug: str) -> Iterator[tuple[str, str]]:
    """Return the method and path of everything that a company's pages offer; other arguments are 1 or a choice."""
    adapter = app.url_map.bind("localhost")
    for rule in _rules(app):
        values = dict.fromkeys(rule.arguments, "1")
        for name, converter in rule._converters.items():
            choices = sorted(getattr(converter, "items", None) or [])
            values[name] = choices[0] if choices else "1"
        values["company"] = slug
        path = adapter.build(rule.endpoint, values)
        yield from ((method, path) for method in MEANS if method in (rule.methods or ()))


@pytest.fixture
def secretive(edition: EditionFacts, now: datetime) -> CompanyRecord:
    """A company with a team, a pass and notes, which nobody else may see; hidden, so that no public page names it."""
    make_ticket_type(edition, now, "exhibitor", is_public=False)
    make_package(edition, now, "Gold", passes=2, pass_ticket="exhibitor")
    company = make_company(edition, now, f"{SECRET} Ltd", package="gold", notes=SECRET, is_hidden=True)
    actor, member = make_member(edition, company, now, MemberRole.OWNER, "secretive@example.org", name=SECRET)
    issue_pass(actor, edition.id, company.slug, member.id, PassHolder(SECRET, "CN"), now)
    return company


@pytest.fixture(params=["member_of_another_company", "attendee", "member_of_another_expo", "former_member", "steward"])
def stranger(
    request: pytest.FixtureRequest,
    app: Flask,
    secretive: CompanyRecord,
    edition: EditionFacts,
    other_edition: EditionFacts,
    now: datetime,
) -> FlaskClient:
    """The test client of somebody who is not on the team."""
    if request.param == "member_of_another_company":
        person_id = make_member(edition, make_company(edition, now, "Other Ltd"), now)[0].id
    elif request.param == "attendee":
        make_attendee(edition, now, "visitor", "visitor@example.org")
        person_id = ensure_person("visitor@example.org", "", "en", now)
    elif request.param == "member_of_another_expo":
        person_id = make_member(other_edition, make_company(other_edition, now, secretive.name), now)[0].id
    elif request.param == "former_member":
        _, member = make_member(edition, secretive, now, MemberRole.EDITOR, "former@example.org")
        remove_member(SYSTEM, edition.id, secretive.slug, member.id, now)
        person_id = member.person_id
    else:
        person_id = make_person(now).id
        grant_role(SYSTEM, edition.id, person_id or 0, Role.STEWARD, now)
    return browser_of(app, person_id or 0)


def test_pages_when_the_viewer_is_not_on_the_team_then_each_is_missing_and_tells_nothing(
    app: Flask, stranger: FlaskClient, secretive: CompanyRecord
) -> None:
    requests = list(_requests(app, secretive.slug))

    answers = {each: stranger.open(each[1], method=each[0]) for each in requests}

    assert len(requests) > 8
    assert {each: answer.status_code for each, answer in answers.items() if answer.status_code not in {403, 404}} == {}
    assert [each for each, answer in answers.items() if SECRET in answer.text] == []
    assert SECRET not in stranger.get("/exhibitor").text


def test_pages_when_nobody_is_signed_in_then_each_leads_to_the_sign_in(
    app: Flask, client: FlaskClient, secretive: CompanyRecord
) -> None:
    answers = {path: client.open(path, method=method) for method, path in _requests(app, secretive.slug)}

    assert {path for path, each in answers.items() if "/sign-in?next=" not in each.headers.get("Location", "")} == set()


def test_pages_when_the_viewer_is_on_the_team_then_they_are_there(
    app: Flask, secretive: CompanyRecord, now: datetime
) -> None:
    browser = browser_of(app, ensure_person("secretive@example.org", "", "en", now))

    assert SECRET in browser.get(f"/exhibitor/{secretive.slug}").text
    assert SECRET in browser.get(f"/exhibitor/{secretive.slug}/team").text


def test_lists_when_the_company_is_of_another_expo_then_organizers_and_programs_get_nothing(
    app: Flask, secretive: CompanyRecord, other_edition: EditionFacts, now: datetime
) -> None:
    person_id = ensure_person("other-organizer@example.org", "", "en", now)
    grant_role(SYSTEM, other_edition.id, person_id, Role.ORGANIZER, now)
    set_window(SYSTEM, other_edition.id, WindowRequest(is_open=True), now)
    browser = browser_of(app, person_id, other_edition.id)
    token = create_api_token(
        SYSTEM, other_edition.id, "other", [Permission.EXHIBITORS_READ, Permission.EXHIBITORS_MANAGE], now
    )
    headers = {"Authorization": f"Bearer {token}"}
    base = f"/organizer/exhibitors/{secretive.slug}"

    pages = {
        path: browser.get(path)
        for path in (
            "/organizer/exhibitors",
            "/organizer/exhibitors/export.csv",
            "/organizer/exhibitors/packages",
            "/organizer/exhibitors/applications",
        )
    }
    missing = [browser.get(f"{base}{rest}").status_code for rest in ("", "/edit", "/withdraw", "/merge", "/delete")]
    api = app.test_client()

    assert [path for path, each in pages.items() if each.status_code != 200 or SECRET in each.text] == []
    assert missing == [404] * 5
    assert api.get(f"/api/v1/exhibitors/{secretive.slug}", headers=headers).status_code == 404
    assert SECRET not in api.get("/api/v1/exhibitors", headers=headers).text
