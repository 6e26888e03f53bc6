"""Publishing the timetable, and telling those affected by the changes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from expo.accounts.rules import SYSTEM, Actor, Permission, require
from expo.accounts.services import ensure_person
from expo.editions.queries import EditionFacts, get_edition
from expo.errors import Conflict
from expo.infra.audit import record_act
from expo.infra.db import atomic
from expo.infra.jobs import enqueue_once, find_watched_job
from expo.mail.services import queue_email
from expo.matchmaking.services import tag_sessions
from expo.program.queries import (
    ChangeNames,
    PersonConcerned,
    VersionRow,
    compare_draft,
    find_latest_number,
    get_version,
    get_version_by_id,
    list_due_publications,
    list_informed,
    list_languages_by_address,
    list_people_concerned,
    name_changes,
)
from expo.program.rules.timetable import Slot
from expo.program.rules.versions import ChangeKind, VersionChange
from expo.program.services import Published, end_plan, publish_timetable, record_informed, restore_version
from expo.pure.languages import find_common_language, localized

NOTIFY_JOB = "program.notify_version"
BATCH = 100


@dataclass(frozen=True)
class NoticeCounts:
    """How many people an e-mail about changes would reach."""

    speakers: int
    attendees: int
    # Of a version: those who have got one.
    informed: int = 0


def count_notices(
    edition_id: int, changes: Sequence[VersionChange], informed: Collection[int] = frozenset()
) -> NoticeCounts:
    """Return how many present or former speakers, and how many others by their schedule, changes concern.

    `informed` are people who are not counted, because they have been notified.
    """
    people = [each for each in list_people_concerned(edition_id, changes) if each.person_id not in informed]
    speakers = sum(bool(each.as_speaker or each.as_former_speaker) for each in people)
    return NoticeCounts(speakers, len(people) - speakers, len(informed))


def publish_program(
    actor: Actor, edition_id: int, label: str, now: datetime, *, revision: int | None = None, notify: bool = True
) -> Published:
    """Publish the draft timetable; with `notify`, those concerned get an e-mail. Raises what publish_timetable does."""
    with atomic():
        published = publish_timetable(actor, edition_id, label, now, revision=revision)
        tag_sessions(actor, edition_id, now)
        if notify and published.changes:
            enqueue_once(NOTIFY_JOB, published.id, now, version_id=published.id)
    return published


def count_open_notices(version: VersionRow) -> NoticeCounts | None:
    """Return how many people could still be told of a version; None if it is not the latest one any longer.

    Those of an earlier version would be told of rooms and times that have changed again.
    """
    if not version.changes or find_latest_number(version.edition_id) != version.number:
        return None
    return count_notices(version.edition_id, version.changes, list_informed(version.id))


def notify_of_version(actor: Actor, edition_id: int, number: int, now: datetime) -> None:
    """Let those whom the latest version concerns get an e-mail, unless they have it.

    For versions that were published without, and those that an import has made. Raises VersionMissing, Conflict
    `version_superseded`.
    """
    require(actor, Permission.PROGRAM_MANAGE, edition_id)
    with atomic():
        version = get_version(edition_id, number)
        if find_latest_number(edition_id) != number:
            raise Conflict("version_superseded")
        enqueue_once(NOTIFY_JOB, version.id, now, version_id=version.id)
        record_act(
            actor, "program.notify_of_version", now,
            edition_id=edition_id, subject="edition", subject_id=edition_id, version=number,
        )  # fmt: skip


def is_being_notified(version: VersionRow) -> bool:
    """Return whether the e-mails about a version are still being written."""
    job = find_watched_job(NOTIFY_JOB, version.id, "version_id")
    return job is not None and job.is_open


def roll_back(actor: Actor, edition_id: int, number: int, label: str, now: datetime, *, notify: bool) -> Published:
    """Publish the rooms and times of an earlier version as a new one. Raises VersionMissing, `timetable_unchanged`."""
    with atomic():
        restore_version(actor, edition_id, number, now)
        return publish_program(actor, edition_id, label, now, notify=notify)


def publish_due(now: datetime) -> int:
    """Publish the drafts whose time has come, and return how many; one without changes only loses its plan."""
    published = 0
    for due in list_due_publications(now):
        if compare_draft(due.edition_id):
            publish_program(SYSTEM, due.edition_id, due.label, now, notify=due.notify)
            published += 1
        else:
            end_plan(due.edition_id)
    return published


def notify_people(version_id: int, now: datetime) -> int:
    """Queue an e-mail to everybody whom a version concerns and who has none yet, and return how many.

    Speakers who have an address but no account get one, to which their entry is not linked before they ask for it.
    """
    version = get_version_by_id(version_id)
    edition = get_edition(version.edition_id)
    # Of a session with two changes, that of its speakers is the lesser one.
    ordered = sorted(version.changes, key=lambda change: change.kind is not ChangeKind.SPEAKERS)
    changes = {change.session_id: change for change in ordered}
    names = name_changes(edition.id, version.changes)
    spoken = list_languages_by_address(edition.id)
    written = 0
    people = list_people_concerned(edition.id, version.changes)
    for start in range(0, len(people), BATCH):
        with atomic():
            for person in people[start : start + BATCH]:
                language = (
                    person.language
                    or find_common_language(spoken.get(person.email, ()), edition.languages)
                    or edition.languages[0]
                )
                person_id = person.person_id or ensure_person(
                    person.email, localized(person.name, language), language, now
                )
                if record_informed(version_id, person_id):
                    items = _list_items(person, changes, names)
                    _write_notice(edition, person_id, person.email, language, items, now)
                    written += 1
    return written


def _list_items(person: PersonConcerned, changes: dict[int, VersionChange], names: ChangeNames) -> list[dict[str, Any]]:
    """Return what the e-mail to a person says about each of their sessions."""
    items = [(each, True) for each in person.as_speaker] + [(each, False) for each in person.as_attendee]
    described = [_describe(changes[each], names, is_speaker=speaks) for each, speaks in items if each in changes]
    return described + [_describe_leaving(changes[each], names) for each in person.as_former_speaker]


def _write_notice(
    edition: EditionFacts, person_id: int, email: str, language: str, items: list[dict[str, Any]], now: datetime
) -> None:
    queue_email(
        "program/changes",
        to_email=email,
        language=language,
        now=now,
        edition_id=edition.id,
        person_id=person_id,
        details={
            "edition_title": edition.title,
            "contact_email": edition.contact_email,
            "time_zone": edition.time_zone,
            "changes": items,
        },
    )


def _describe(change: VersionChange, names: ChangeNames, *, is_speaker: bool) -> dict[str, Any]:
    return {
        "kind": change.kind.value,
        "title": change.title,
        "is_speaker": is_speaker,
        "before": _place(change.before, names),
        "after": _place(change.after, names),
        "speakers": [names.speakers[each] for each in change.speakers_after if each in names.speakers],
    }


def _describe_leaving(change: VersionChange, names: ChangeNames) -> dict[str, Any]:
    """Return the change for somebody who no longer speaks in the session, or whose session is gone."""
    is_gone = change.kind is ChangeKind.REMOVED
    return {
        "kind": change.kind.value if is_gone else "not_speaking",
        "title": change.title,
        "is_speaker": False,
        "before": _place(change.before, names) if is_gone else None,
        "after": None,
        "speakers": [],
    }


def _place(slot: Slot | None, names: ChangeNames) -> dict[str, Any] | None:
    if slot is None:
        return None
    return {"at": slot.starts_at.isoformat(), "room": names.rooms.get(slot.room_id or 0, {})}
