"""E-mails about a new version: to those concerned, once, in their language; planned publications; rolling back."""

from datetime import datetime

import pytest
from sqlalchemy import delete, select

from expo.accounts.rules import SYSTEM
from expo.accounts.services import ensure_person
from expo.editions.queries import EditionFacts
from expo.errors import Conflict
from expo.flows.publishing import NOTIFY_JOB, count_notices, notify_people, publish_due, publish_program, roll_back
from expo.flows.registration import cancel_registration
from expo.infra.db import atomic, db
from expo.infra.jobs import Job
from expo.mail.models import Email
from expo.mail.rendering import render_email
from expo.program.models import AgendaEntry, Placement, Session, SessionSpeaker, Speaker
from expo.program.queries import compare_draft, list_versions
from expo.program.services import delete_session, plan_publication
from tests.domains.program.test_versions import HOUR, make_session, place, rooms, unplace
from tests.make import MadeAttendee, make_attendee

__all__ = ["rooms"]
pytestmark = pytest.mark.usefixtures("each_app")


def star(attendee: MadeAttendee, session_id: int, now: datetime) -> None:
    with atomic():
        db.session.add(AgendaEntry(attendee_id=attendee.id, session_id=session_id, added_at=now))


def sent_emails() -> dict[str, Email]:
    rows = db.session.scalars(select(Email).where(Email.message == "program/changes"))
    return {row.to_email: row for row in rows}


@pytest.fixture
def moved(edition: EditionFacts, rooms: tuple[int, int], now: datetime) -> int:
    """A session that was published, starred by some and has been moved in the draft since; another stays."""
    session_id, other = make_session(edition, "lakes"), make_session(edition, "rivers")
    place(edition, session_id, rooms[0], now)
    place(edition, other, rooms[0], now + HOUR)
    publish_program(SYSTEM, edition.id, "", now, notify=False)
    for name, starred in (("planning", session_id), ("elsewhere", other), ("gone", session_id)):
        made = make_attendee(edition, now, name=name, email=f"{name}@example.org")
        star(made, starred, now)
        if name == "gone":
            cancel_registration(SYSTEM, edition.id, made.id, now)
    speaker_id = ensure_person("speaker@example.org", "Ada", "zh", now)
    with atomic():
        speaker = Speaker(edition_id=edition.id, slug="ada", name={"en": "Ada"}, person_id=speaker_id)
        db.session.add(speaker)
        db.session.flush()
        db.session.add(SessionSpeaker(session_id=session_id, speaker_id=speaker.id))
    place(edition, session_id, rooms[1], now + 2 * HOUR)
    return session_id


def test_people_when_a_session_moves_then_only_those_concerned_are_told(
    edition: EditionFacts, moved: int, now: datetime
) -> None:
    counts = count_notices(edition.id, compare_draft(edition.id))
    published = publish_program(SYSTEM, edition.id, "", now)

    assert (counts.speakers, counts.attendees) == (1, 1)
    assert notify_people(published.id, now) == 2
    assert set(sent_emails()) == {"planning@example.org", "speaker@example.org"}
    letter = sent_emails()["planning@example.org"]
    text = render_email(letter.message, "en", letter.details, {}, with_links=True).text
    assert "Lakes" in text
    assert "It has been moved." in text
    assert "Hall A" in text
    assert "Hall B" in text
    assert "Rivers" not in text
    assert "You are a speaker" not in text
    of_speaker = sent_emails()["speaker@example.org"]
    assert of_speaker.language == "zh"
    assert of_speaker.details["changes"][0]["is_speaker"] is True
    assert moved == published.changes[0].session_id


def test_people_when_only_the_speakers_change_then_are_told_who_speaks_now(
    edition: EditionFacts, moved: int, now: datetime
) -> None:
    publish_program(SYSTEM, edition.id, "", now, notify=False)
    with atomic():
        speaker = Speaker(edition_id=edition.id, slug="bo", name={"en": "Bo & Co"})
        db.session.add(speaker)
        db.session.flush()
        db.session.add(SessionSpeaker(session_id=moved, speaker_id=speaker.id, position=1))

    published = publish_program(SYSTEM, edition.id, "", now)

    assert notify_people(published.id, now) == 2
    letter = sent_emails()["planning@example.org"]
    words = render_email(letter.message, "en", letter.details, {}, with_links=True)
    assert "Its speakers have changed.\n  Speakers: Ada, Bo & Co" in words.text
    assert "Ada, Bo &amp; Co" in words.html
    assert "Hall B" not in words.text


def test_people_when_a_session_on_their_schedule_was_deleted_then_are_told(
    edition: EditionFacts, moved: int, now: datetime
) -> None:
    delete_session(SYSTEM, edition.id, "lakes", None, now)
    counts = count_notices(edition.id, compare_draft(edition.id))

    published = publish_program(SYSTEM, edition.id, "", now)

    assert (counts.speakers, counts.attendees) == (0, 1)
    assert [(each.session_id, each.kind) for each in published.changes] == [(moved, "removed")]
    assert notify_people(published.id, now) == 1
    letter = sent_emails()["planning@example.org"]
    text = render_email(letter.message, "en", letter.details, {}, with_links=True).text
    assert "It has been removed from the programme.\n  Before: " in text


def test_people_when_the_job_runs_twice_then_are_told_once(edition: EditionFacts, moved: int, now: datetime) -> None:
    published = publish_program(SYSTEM, edition.id, "", now)

    assert [notify_people(published.id, now), notify_people(published.id, now)] == [2, 0]
    assert len(sent_emails()) == 2
    assert moved


def test_names_when_they_look_like_markup_then_are_escaped_in_the_html(
    edition: EditionFacts, moved: int, now: datetime
) -> None:
    details = {
        "edition_title": edition.title,
        "contact_email": "",
        "time_zone": edition.time_zone,
        "changes": [
            {
                "kind": "moved",
                "title": {"en": "<b>A & B</b>"},
                "is_speaker": False,
                "before": {"at": now.isoformat(), "room": {"en": "<i>Hall</i>"}},
                "after": {"at": now.isoformat(), "room": {"en": "Hall & Co"}},
            }
        ],
    }

    words = render_email("program/changes", "en", details, {}, with_links=True)

    assert "<b>A" not in words.html
    assert "<i>Hall" not in words.html
    assert "Hall &amp; Co" in words.html
    assert "Hall & Co" in words.text
    assert moved


def test_job_when_published_then_only_if_wanted(edition: EditionFacts, moved: int, now: datetime) -> None:
    publish_program(SYSTEM, edition.id, "", now, notify=False)
    jobs = select(Job).where(Job.kind == NOTIFY_JOB)
    assert db.session.scalars(jobs).all() == []

    unplace(moved)
    publish_program(SYSTEM, edition.id, "", now)

    assert len(db.session.scalars(jobs).all()) == 1


def test_draft_when_its_time_comes_then_is_published_once_as_planned(
    edition: EditionFacts, moved: int, rooms: tuple[int, int], now: datetime
) -> None:
    jobs = select(Job).where(Job.kind == NOTIFY_JOB)
    plan_publication(SYSTEM, edition.id, now + HOUR, now, label="Quietly", notify=False)
    assert [publish_due(now), publish_due(now + HOUR), publish_due(now + HOUR)] == [0, 1, 0]
    assert db.session.scalars(jobs).all() == []

    place(edition, moved, rooms[0], now + 3 * HOUR)
    plan_publication(SYSTEM, edition.id, now + 2 * HOUR, now)
    assert publish_due(now + 2 * HOUR) == 1

    assert [(each.number, each.label) for each in list_versions(edition.id)] == [(3, ""), (2, "Quietly"), (1, "")]
    assert len(db.session.scalars(jobs).all()) == 1


def test_speakers_when_removed_or_without_an_account_then_are_told_too(
    edition: EditionFacts, moved: int, rooms: tuple[int, int], now: datetime
) -> None:
    publish_program(SYSTEM, edition.id, "", now, notify=False)
    with atomic():
        db.session.execute(delete(SessionSpeaker).where(SessionSpeaker.session_id == moved))
        imported = Speaker(edition_id=edition.id, slug="bo", name={"en": "Bo"}, email="bo@example.org")
        db.session.add(imported)
        db.session.flush()
        db.session.add(SessionSpeaker(session_id=moved, speaker_id=imported.id))
    place(edition, moved, rooms[0], now + 3 * HOUR)
    counts = count_notices(edition.id, compare_draft(edition.id))

    published = publish_program(SYSTEM, edition.id, "", now)

    assert [notify_people(published.id, now), notify_people(published.id, now)] == [3, 0]
    assert (counts.speakers, counts.attendees) == (2, 1)
    assert set(sent_emails()) == {"planning@example.org", "speaker@example.org", "bo@example.org"}
    left, joined = (sent_emails()[f"{name}@example.org"] for name in ("speaker", "bo"))
    words = render_email(left.message, "en", left.details, {}, with_links=True)
    assert "Lakes\n  You are no longer a speaker of this session." in words.text
    assert "You are no longer a speaker of this session." in words.html
    assert "It has been moved" not in words.text
    assert joined.details["changes"][0]["is_speaker"] is True
    assert "/speaker" in render_email(joined.message, "en", joined.details, {}, with_links=True).text
    assert imported.person_id is None


def test_speakers_when_their_session_is_deleted_then_are_told(edition: EditionFacts, moved: int, now: datetime) -> None:
    publish_program(SYSTEM, edition.id, "", now, notify=False)
    with atomic():
        for model in (AgendaEntry, SessionSpeaker, Placement):
            db.session.execute(delete(model).where(model.session_id == moved))
        db.session.execute(delete(Session).where(Session.id == moved))

    published = publish_program(SYSTEM, edition.id, "", now)

    assert notify_people(published.id, now) == 1
    [letter] = sent_emails().values()
    text = render_email(letter.message, "en", letter.details, {}, with_links=True).text
    assert letter.to_email == "speaker@example.org"
    assert "It has been removed from the programme.\n  Before: " in text


def test_draft_when_nothing_changed_at_its_time_then_the_plan_ends(
    edition: EditionFacts, moved: int, now: datetime
) -> None:
    publish_program(SYSTEM, edition.id, "", now)
    plan_publication(SYSTEM, edition.id, now + HOUR, now)

    assert [publish_due(now + HOUR), publish_due(now + HOUR)] == [0, 0]
    assert len(list_versions(edition.id)) == 2
    assert moved


def test_version_when_rolled_back_then_is_published_again_as_a_new_one(
    edition: EditionFacts, moved: int, now: datetime
) -> None:
    publish_program(SYSTEM, edition.id, "", now)

    published = roll_back(SYSTEM, edition.id, 1, "Back to version 1", now, notify=True)

    assert published.number == 3
    assert [change.session_id for change in published.changes] == [moved]
    with pytest.raises(Conflict, match="timetable_unchanged"):
        roll_back(SYSTEM, edition.id, 1, "", now, notify=True)


def test_people_when_the_first_version_moves_what_was_public_before_then_are_told(
    edition: EditionFacts, rooms: tuple[int, int], now: datetime
) -> None:
    session_id = make_session(edition, "lakes", state="published")
    star(make_attendee(edition, now, name="planning", email="planning@example.org"), session_id, now)
    place(edition, session_id, rooms[0], now)

    published = publish_program(SYSTEM, edition.id, "", now)

    assert published.number == 1
    assert len(db.session.scalars(select(Job).where(Job.kind == NOTIFY_JOB)).all()) == 1
    assert notify_people(published.id, now) == 1
    assert set(sent_emails()) == {"planning@example.org"}
