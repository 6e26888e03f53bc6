"""The expo is changed; its days only after confirmation."""

import re
from datetime import date, datetime

import pytest
from flask.testing import FlaskClient

from expo.badges.queries import find_badge_of
from expo.editions.queries import EditionFacts, get_edition
from expo.infra.db import db
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
    assert "The colour is darkened on light pages." in answer.text


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
    assert "2 badges have been issued." in asked.text
    rows = [re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", row)).strip() for row in asked.text.split("<tr>")[2:]]
    assert [row.split(" A ticket for")[0] for row in rows] == [
        "Day-2 1 27 May 2027 12 Sept 2027",
        "Visitor 1 26–28 May 2027 All days 11–13 Sept 2027",
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
