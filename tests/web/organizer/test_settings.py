"""Settings: the expo, tickets, quotas, roles, tokens, keys, expos."""

import re
from datetime import date, datetime

import pytest
from flask.testing import FlaskClient

from expo.accounts.queries import find_person_by_email, find_token_actor, list_api_tokens, list_roles
from expo.accounts.rules import SYSTEM, Role
from expo.accounts.services import ensure_person, grant_role
from expo.badges.queries import find_badge_of, list_signing_keys, public_keys
from expo.editions.queries import EditionFacts, find_current_edition, get_edition, list_editions
from expo.infra.db import db
from expo.registration.queries import get_ticket_type, list_quotas
from tests.make import make_attendee, make_ticket_type

EXPO = {
    "title-en": "Changed Expo",
    "title-zh": "新博览会",
    "starts_on": "2027-05-26",
    "ends_on": "2027-05-29",
    "time_zone": "Asia/Shanghai",
    "languages": ["en", "zh"],
    "currency": "cny",
    "accent_color": "#ffcc00",
}
TICKET = {
    "code": "day",
    "name-en": "Day ticket",
    "price": "12.50",
    "max_per_order": "4",
    "valid_from": "2027-05-27",
    "valid_days": "1",
    "band": "3",
    "sale_starts_at": "2027-04-01T09:00",
}


def test_expo_when_changed_then_its_facts_and_version_follow(organizer: FlaskClient, edition: EditionFacts) -> None:
    answer = organizer.post("/organizer/settings/expo", data=EXPO, follow_redirects=True)
    db.session.expire_all()
    after = get_edition(edition.id)
    assert (after.title, after.ends_on, after.currency) == (
        {"en": "Changed Expo", "zh": "新博览会"},
        date(2027, 5, 29),
        "CNY",
    )
    assert after.content_version == edition.content_version + 1
    assert "It is darkened for light pages." in answer.text


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("title-en", {"title-en": "", "title-zh": ""}),
        ("ends_on", {"ends_on": "2027-05-01"}),
        ("time_zone", {"time_zone": "Moon/Base"}),
        ("currency", {"currency": "XXY"}),
        ("accent_color", {"accent_color": "red"}),
        ("starts_on", {"starts_on": "never"}),
        ("languages", {"languages": []}),
    ],
)
def test_expo_when_a_field_is_wrong_then_said_there_and_nothing_changes(
    field: str, typed: dict[str, object], organizer: FlaskClient, edition: EditionFacts
) -> None:
    answer = organizer.post("/organizer/settings/expo", data=EXPO | {"tagline-en": "Kept words"} | typed)
    assert (answer.status_code, f'id="{field}-error"' in answer.text) == (422, True)
    assert "Kept words" in answer.text
    assert get_edition(edition.id).content_version == edition.content_version


def test_ticket_when_offered_and_changed_then_it_is_so_with_its_quota(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now, places=9)
    [quota] = list_quotas(edition.id)
    assert (
        organizer.post("/organizer/settings/tickets/new", data=TICKET | {"quota_ids": str(quota.id)}).status_code == 302
    )
    row = get_ticket_type(edition.id, "day", now)
    assert (row.price_cents, row.band, row.is_public, row.valid_from) == (1250, 3, False, date(2027, 5, 27))
    assert row.sale_starts_at == datetime.fromisoformat("2027-04-01T01:00:00+00:00")
    assert list_quotas(edition.id)[0].ticket_type_codes == ("visitor", "day")
    answer = organizer.post("/organizer/settings/tickets/day/edit", data=TICKET | {"price": "0", "is_public": "y"})
    db.session.expire_all()
    row = get_ticket_type(edition.id, "day", now)
    assert (answer.status_code, row.price_cents, row.is_public) == (302, 0, True)
    assert list_quotas(edition.id)[0].ticket_type_codes == ("visitor",)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("code", {"code": "visitor"}),
        ("code", {"code": "a b"}),
        ("name-en", {"name-en": ""}),
        ("price", {"price": "-1"}),
        ("sale_ends_at", {"sale_ends_at": "2027-03-01T09:00"}),
        ("valid_from", {"valid_from": "2027-01-01"}),
    ],
)
def test_ticket_when_a_field_is_wrong_then_said_there(
    field: str, typed: dict[str, str], organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now)
    answer = organizer.post("/organizer/settings/tickets/new", data=TICKET | typed)
    assert (answer.status_code, f'id="{field}-error"' in answer.text) == (422, True)


def test_quota_when_made_smaller_than_taken_then_said_and_kept(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_attendee(edition, now, email="a@example.org")
    make_attendee(edition, now, email="b@example.org")
    made = organizer.post(
        "/organizer/settings/quotas/new", data={"name": "Hall", "size": "5", "ticket_types": "visitor"}
    )
    [quota] = list_quotas(edition.id)
    path = f"/organizer/settings/quotas/{quota.id}/edit"
    answer = organizer.post(path, data={"size": "1", "ticket_types": "visitor"})
    assert (made.status_code, quota.taken, answer.status_code, 'id="size-error"' in answer.text) == (302, 2, 422, True)
    assert organizer.post(path, data={"size": "2", "ticket_types": "visitor"}).status_code == 302
    assert list_quotas(edition.id)[0].size == 2


def test_role_when_given_and_taken_then_it_is_so(organizer: FlaskClient, edition: EditionFacts, now: datetime) -> None:
    organizer.post("/organizer/settings/people", data={"email": "new@example.org", "role": "desk"})
    person = find_person_by_email("new@example.org")
    assert person is not None
    given = list_roles(person.id, edition.id)
    organizer.post(f"/organizer/settings/people/{person.id}/withdraw/desk")
    assert (given, list_roles(person.id, edition.id)) == ({Role.DESK}, frozenset())


def test_role_when_the_last_organizer_would_go_then_refused(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    own = find_person_by_email("organizer@example.org")
    assert own is not None
    path = f"/organizer/settings/people/{own.id}/withdraw/organizer"
    refused = organizer.post(path)
    assert (refused.status_code, "Somebody must be left" in refused.text) == (409, True)
    grant_role(SYSTEM, edition.id, ensure_person("second@example.org", "", "en", now), Role.ORGANIZER, now)
    assert organizer.post(path).status_code == 302
    assert organizer.get("/organizer/settings").status_code == 403


def test_role_when_the_address_is_wrong_then_said_there(organizer: FlaskClient) -> None:
    answer = organizer.post("/organizer/settings/people", data={"email": "not an address", "role": "desk"})
    assert (answer.status_code, 'id="email-error"' in answer.text, "not an address" in answer.text) == (422, True, True)


def test_token_when_made_then_its_secret_is_shown_once_and_works_until_revoked(
    organizer: FlaskClient, edition: EditionFacts
) -> None:
    page = organizer.post("/organizer/settings/tokens", data={"name": "Gate", "permissions": ["scan"]}).text
    [secret] = set(re.findall(r"expo_[\w-]{20,}", page))
    actor = find_token_actor(secret)
    [token] = list_api_tokens(edition.id)
    assert (actor is not None, secret in organizer.get("/organizer/settings/tokens").text) == (True, False)
    organizer.post(f"/organizer/settings/tokens/{token.id}/revoke")
    assert find_token_actor(secret) is None


def test_token_when_nothing_is_ticked_then_said_there(organizer: FlaskClient, edition: EditionFacts) -> None:
    answer = organizer.post("/organizer/settings/tokens", data={"name": "Gate"})
    assert (answer.status_code, 'id="permissions-error"' in answer.text) == (422, True)
    assert list_api_tokens(edition.id) == []


def test_keys_when_rotated_and_distrusted_then_the_new_one_signs(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_attendee(edition, now)
    organizer.post("/organizer/settings/keys/rotate")
    organizer.post("/organizer/settings/keys/0/distrust")
    keys = list_signing_keys(edition.id)
    assert ([each.retired_at is None for each in keys], list(public_keys(edition.id))) == ([False, True], [1])
    assert organizer.post("/organizer/settings/keys/9/distrust").status_code == 404


def test_expos_when_an_administrator_opens_the_next_then_visitors_see_it_once_it_is_made_current(
    admin: FlaskClient, edition: EditionFacts
) -> None:
    typed = {
        "slug": "expo-2028",
        "title-en": "Expo 2028",
        "starts_on": "2028-05-24",
        "ends_on": "2028-05-26",
        "time_zone": "Asia/Shanghai",
    }
    assert admin.post("/organizer/setup/expo", data=typed).status_code == 302
    new = next(each for each in list_editions() if each.slug == "expo-2028")
    before = find_current_edition()
    admin.post(f"/organizer/settings/expos/{new.id}/make-current")
    db.session.expire_all()
    after = find_current_edition()
    assert before is not None
    assert after is not None
    assert (before.id, after.id) == (edition.id, new.id)
    again = admin.post("/organizer/setup/expo", data=typed)
    assert (again.status_code, 'id="slug-error"' in again.text) == (422, True)


def test_expos_when_an_organizer_of_one_asks_then_refused(organizer: FlaskClient, other_edition: EditionFacts) -> None:
    path = f"/organizer/settings/expos/{other_edition.id}/make-current"
    assert (organizer.get(path).status_code, organizer.post(path).status_code) == (403, 403)


def test_expo_when_its_days_change_with_badges_out_then_explained_and_asked_first(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now, "day-2", valid_from=date(2027, 5, 27), valid_days=1)
    made, _day_two = make_attendee(edition, now), make_attendee(edition, now, "day-2")
    typed = EXPO | {"starts_on": "2027-09-11", "ends_on": "2027-09-13"}

    asked = organizer.post("/organizer/settings/expo", data=typed)
    before = get_edition(edition.id)
    carried = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', asked.text)
    answer = organizer.post("/organizer/settings/expo", data=_as_form(carried), follow_redirects=True)

    db.session.expire_all()
    after = get_edition(edition.id)
    assert asked.status_code == 200
    assert "2 badges are out." in asked.text
    rows = [re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", row)).strip() for row in asked.text.split("<tr>")[2:]]
    assert [row.split(" A ticket for")[0] for row in rows] == [
        "Day-2 1 27 May 2027 12 Sept 2027",
        "Visitor 1 26–28 May 2027 (all days) 11–13 Sept 2027",
    ]
    assert before.starts_on == edition.starts_on
    assert (after.starts_on, after.ends_on, after.title["en"]) == (date(2027, 9, 11), date(2027, 9, 13), "Changed Expo")
    assert "2 badges" not in answer.text
    badge = find_badge_of(made.id)
    assert badge is not None
    assert (badge.valid_from, badge.valid_days) == (date(2027, 9, 11), 3)


def test_expo_when_days_were_changed_by_somebody_else_meanwhile_then_asked_again(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_attendee(edition, now)
    typed = EXPO | {"starts_on": "2027-09-11", "ends_on": "2027-09-13"}

    stale = typed | {"confirmed_dates": "2027-05-01/2027-05-03/2027-09-11/2027-09-13"}
    answers = [
        organizer.post("/organizer/settings/expo", data=stale),
        organizer.post("/organizer/settings/expo", data=typed | {"confirmed_dates": "nonsense"}),
    ]

    assert [each.status_code for each in answers] == [200, 200]
    assert get_edition(edition.id).starts_on == edition.starts_on


def _as_form(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    form: dict[str, list[str]] = {}
    for name, value in pairs:
        form.setdefault(name, []).append(value)
    return form
