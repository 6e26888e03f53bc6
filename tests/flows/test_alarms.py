"""The worker checks alarms, and e-mails organizers only if they want it."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from expo.accounts.rules import SYSTEM, Role
from expo.accounts.services import ensure_person, grant_role
from expo.checkin.queries.alarms import ControlRoomRow, list_alarms
from expo.checkin.services.alarms import change_control_room
from expo.editions.queries import EditionFacts
from expo.flows.alarms import check_alarms
from expo.infra.db import db
from expo.mail.models import Email
from expo.mail.rendering import render_email
from tests.domains.checkin.doors import OPENING
from tests.domains.checkin.stored_scans import store_device


def _sent_emails() -> list[Email]:
    return list(db.session.scalars(select(Email).where(Email.message == "checkin/alarms").order_by(Email.id)))


@pytest.fixture
def queue(app: Flask, edition: EditionFacts) -> int:
    """A device that holds old scans."""
    assert app
    return store_device(edition, "Phone 3", queue_length=2, oldest_queued_at=OPENING - timedelta(minutes=11))


@pytest.mark.usefixtures("queue")
def test_check_when_something_is_wrong_then_raised_once_and_no_email_unless_wanted(edition: EditionFacts) -> None:
    assert [check_alarms(OPENING), check_alarms(OPENING + timedelta(minutes=1))] == [1, 0]
    assert (len(list_alarms(edition.id, OPENING)), _sent_emails()) == (1, [])


@pytest.mark.usefixtures("queue")
def test_check_when_the_expo_is_not_today_then_nothing(edition: EditionFacts) -> None:
    assert check_alarms(OPENING - timedelta(days=1)) == 0
    assert list_alarms(edition.id, OPENING) == []


@pytest.mark.usefixtures("queue")
@pytest.mark.parametrize(
    ("language", "subject"), [("en", "1 alarm in the control room"), ("zh", "指挥中心有 1 条告警")]
)
def test_check_when_emails_are_wanted_then_each_organizer_gets_one_in_their_language(
    edition: EditionFacts, now: datetime, language: str, subject: str
) -> None:
    change_control_room(SYSTEM, edition.id, ControlRoomRow(sends_emails=True), now)
    for role in (Role.ORGANIZER, Role.STEWARD):
        person = ensure_person(f"{role.value}@example.org", "", language, now)
        grant_role(SYSTEM, edition.id, person, role, now)

    check_alarms(OPENING)

    (letter,) = _sent_emails()
    shown = render_email(letter.message, letter.language, letter.details, {}, with_links=True)
    assert (letter.to_email, shown.subject) == ("organizer@example.org", subject)
    assert "Phone 3" in shown.text
    assert "Phone 3" in shown.html
