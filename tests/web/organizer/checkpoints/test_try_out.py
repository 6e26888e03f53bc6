"""Trying out a checkpoint: the verdict for a real attendee at any time, and nothing is written."""

from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from expo.accounts.rules import SYSTEM
from expo.checkin.models import Presence, Scan
from expo.checkin.queries.facts import find_facts
from expo.checkin.rules import Direction
from expo.checkin.rules.judging import judge
from expo.checkin.services.checkpoints import CheckpointRequest, edit_checkpoint
from expo.editions.queries import EditionFacts
from expo.infra.db import db
from expo.registration.queries import get_attendee
from tests.domains.checkin.doors import OPENING, make_checkpoint, scan_once
from tests.make import MadeAttendee, make_attendee

URL = "/organizer/checkpoints/main/try"
RULE = {"all": [{"ticket_type": ["visitor"]}, {"between": ["09:00", "18:00"]}, {"entries_today": {"max": 1}}]}
QUESTION: dict[str, Any] = {
    "id": "card",
    "kind": "confirm",
    "text": {"en": "Card seen?"},
    "choices": [],
    "ticket_types": None,
}


@pytest.fixture
def ann(edition: EditionFacts, now: datetime) -> MadeAttendee:
    made = make_attendee(edition, now, name="Ann Lee")
    make_checkpoint(edition, now)
    request = CheckpointRequest(name={"en": "Main"}, rule=RULE, questions=[QUESTION])
    edit_checkpoint(SYSTEM, edition.id, "main", request, now)
    return made


def _count_rows() -> list[int | None]:
    return [db.session.scalar(select(func.count()).select_from(model)) for model in (Scan, Presence)]


def test_try_out_when_admitted_then_the_questions_are_shown(organizer: FlaskClient, ann: MadeAttendee) -> None:
    page = organizer.get(URL, query_string={"attendee": ann.code, "at": "2027-05-26T10:00"}).text

    assert "Check first" in page
    assert "Card seen?" in page
    assert _count_rows() == [0, 0]


@pytest.mark.parametrize(
    ("at", "word", "advice"),
    [
        ("2027-05-26T08:59", "Too early", "Entry is allowed only from 09:00. Ask them to come back then."),
        ("2027-05-26T18:00", "Too late", "Entry is allowed only until 18:00. If in doubt, call the team leader."),
    ],
)
def test_try_out_when_a_condition_fails_then_that_one_is_named_and_what_the_scanner_says(
    at: str, word: str, advice: str, organizer: FlaskClient, ann: MadeAttendee
) -> None:
    page = organizer.get(URL, query_string={"attendee": ann.code, "at": at}).text

    assert word in page
    assert advice in page
    assert "Condition not met: Between 09:00 and 18:00." in page


def test_try_out_when_scanned_before_then_judged_by_what_was_known_at_that_time(
    organizer: FlaskClient, edition: EditionFacts, ann: MadeAttendee, now: datetime
) -> None:
    edit_checkpoint(SYSTEM, edition.id, "main", CheckpointRequest(name={"en": "Main"}, rule=RULE), now)
    scan_once(edition, ann.token)
    written = _count_rows()
    attendee = get_attendee(edition.id, ann.code)

    verdicts = {
        hour: judge(find_facts(edition, "main", attendee, direction, OPENING.replace(hour=hour, day=day)))["reasons"]
        for direction, day, hour in (
            (Direction.ENTRY, 26, 1),
            (Direction.ENTRY, 26, 3),
            (Direction.EXIT, 26, 4),
            (Direction.ENTRY, 27, 2),
        )
    }

    assert verdicts == {1: [], 3: ["already_admitted", "rule"], 4: [], 2: []}
    assert _count_rows() == written


def test_try_out_when_searched_then_one_is_judged_and_several_are_listed(
    organizer: FlaskClient, edition: EditionFacts, ann: MadeAttendee, now: datetime
) -> None:
    alone = organizer.get(URL, query_string={"q": "Ann Lee", "at": "2027-05-26T10:00"}).text
    by_code = organizer.get(URL, query_string={"q": ann.code, "at": "2027-05-26T10:00"}).text
    make_attendee(edition, now, name="Ann Leeds", email="leeds@example.org")
    several = organizer.get(URL, query_string={"q": "Ann", "at": "2027-05-26T10:00"}).text
    nobody = organizer.get(URL, query_string={"q": "Zebedee Quux"}).text

    assert f'value="{ann.code}"' in alone
    assert [each.count("Card seen?") for each in (alone, by_code)] == [1, 1]
    assert "Choose an attendee" in several
    assert f"attendee={ann.code}" in several
    assert "No attendees found." in nobody


def test_try_out_when_the_attendee_is_of_another_edition_then_not_shown(
    organizer: FlaskClient, other_edition: EditionFacts, ann: MadeAttendee, now: datetime
) -> None:
    theirs = make_attendee(other_edition, now, name="Foreign Person", email="foreign@example.org")

    page = organizer.get(URL, query_string={"attendee": theirs.code, "q": "Foreign"}).text

    assert "Foreign Person" not in page
