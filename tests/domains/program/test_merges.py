"""Importing again what was edited here: our own exports, the same file, and a file that changed too."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from expo.accounts.rules import SYSTEM
from expo.editions.models import Room
from expo.editions.queries import EditionFacts, get_edition
from expo.flows.program_import import import_program, read_schedule_file
from expo.infra.db import atomic, db
from expo.program.exports import SCHEDULE_FORMATS, export_schedule
from expo.program.models import Placement, ScheduleSource, Session, SessionSpeaker, Speaker, Timetable, TimetableChange
from expo.program.queries import list_agenda, list_sessions
from expo.program.rules import ImportDecisions, ImportMode, ScheduleChange, SessionState
from expo.program.services import add_to_agenda, preview_schedule
from tests.domains.program.test_schedules import TWO_TALKS, figures, without
from tests.formats.test_schedules import FILES, shared
from tests.make import make_attendee

# The formats in which each real file is exported and imported again: small files in all of them, and of large files,
# which take seconds each time, every format with one of them.
ROUND_TRIPS = {
    "frab-camp2019.json": SCHEDULE_FORMATS,
    "pretalx-rc3.json": SCHEDULE_FORMATS,
    "coscup-2023.json": ("json", "csv", "sessionize-grid"),
    "fosdem-2013.xml": ("frab-xml", "sessionize"),
    "fosdem-2019.xml": ("frab-json", "csv"),
    "fosdem-2024.xml": ("pretalx", "xlsx"),
}


def run_import(
    edition: EditionFacts, data: bytes, now: datetime, decisions: ImportDecisions | None = None
) -> ScheduleChange:
    return import_program(SYSTEM, edition.id, read_schedule_file(edition, data), now, decisions)


def preview(edition: EditionFacts, data: bytes, decisions: ImportDecisions | None = None) -> ScheduleChange:
    return preview_schedule(SYSTEM, edition.id, read_schedule_file(edition, data), decisions)


def export(edition: EditionFacts, name: str) -> bytes:
    return export_schedule(get_edition(edition.id), name, lambda slug: f"https://expo.test/sessions/{slug}")


def sessions_of(edition: EditionFacts) -> list[Session]:
    query = select(Session).where(Session.edition_id == edition.id).order_by(Session.position, Session.id)
    return list(db.session.scalars(query))


def edit(edition: EditionFacts) -> None:
    """Change a title, a text, a speaker's name and a place, as pages of the product do."""
    first, second, third = [session for session in sessions_of(edition) if session.starts_at and session.room_id][:3]
    link = db.session.scalars(select(SessionSpeaker).join(Session).where(Session.edition_id == edition.id)).first()
    assert link is not None
    speaker = db.session.get_one(Speaker, link.speaker_id)
    with atomic():
        first.title = {**first.title, "en": "Renamed here"}
        second.abstract = {"en": "Written here."}
        second.level = "advanced"
        speaker.name = {"en": "Corrected Name"}
        move(third, minutes=95)


def move(session: Session, *, minutes: int, publish: bool = True) -> None:
    placement = db.session.get_one(Placement, session.id)
    placement.starts_at += timedelta(minutes=minutes)
    placement.ends_at += timedelta(minutes=minutes)
    if publish:
        session.starts_at, session.ends_at = placement.starts_at, placement.ends_at


def content(edition: EditionFacts) -> list[object]:
    db.session.expire_all()
    return [
        (each.title, each.abstract, each.description, each.level, each.starts_at, each.ends_at, each.room_id, each.kind)
        for each in sessions_of(edition)
    ]


@pytest.mark.parametrize("name", ROUND_TRIPS)
def test_import_when_a_real_file_was_edited_exported_and_imported_again_then_nothing_is_lost(
    name: str, app: Flask, edition: EditionFacts, now: datetime
) -> None:
    run_import(edition, shared(name), now)
    edit(edition)
    attendee = make_attendee(edition, now)
    for row in list_sessions(edition.id)[:5]:
        add_to_agenda(SYSTEM, edition.id, attendee.id, row.slug, now)
    starred, before = list_agenda(attendee.id, edition.id), content(edition)

    speakers = db.session.scalar(select(func.count()).select_from(Speaker))
    for format_ in ROUND_TRIPS[name]:
        change = run_import(edition, export(edition, format_), now)

        assert (format_, figures(change), change.conflicts) == (format_, (0, 0, len(before), 0), ())
        assert content(edition) == before
        assert (change.removed_speakers, change.removed_tracks) == ((), ())
    assert list_agenda(attendee.id, edition.id) == starred
    assert db.session.scalar(select(func.count()).select_from(Speaker)) == speakers


@pytest.mark.parametrize("name", FILES)
def test_import_when_the_file_comes_again_then_what_was_edited_here_stays(
    name: str, app: Flask, edition: EditionFacts, now: datetime
) -> None:
    run_import(edition, shared(name), now)
    edit(edition)
    before = content(edition)

    seen = preview(edition, shared(name))
    done = run_import(edition, shared(name), now)

    assert figures(seen) == figures(done) == (0, 0, len(before), 0)
    assert done.conflicts == ()
    assert done.kept >= 4
    assert content(edition) == before


def test_import_when_both_changed_a_title_then_asks_and_ours_stays_by_default(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    run_import(edition, TWO_TALKS, now)
    [session, _] = sessions_of(edition)
    with atomic():
        session.title = {"en": "Ours"}
    changed = TWO_TALKS.replace(b"Cloud computing in practice", b"Theirs")

    seen = preview(edition, changed)
    run_import(edition, changed, now)
    kept = content(edition)[0]
    again = preview(edition, changed)

    [conflict] = seen.conflicts
    assert (conflict.name, conflict.ours, conflict.theirs) == ("title", {"en": "Ours"}, {"en": "Theirs"})
    assert kept[0] == {"en": "Ours"}  # type: ignore[index]
    # It was answered once, so the same file does not ask again.
    assert (again.conflicts, again.kept) == ((), 1)


def test_import_when_told_to_use_the_file_then_only_in_that_field(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    run_import(edition, TWO_TALKS, now)
    [session, _] = sessions_of(edition)
    with atomic():
        session.title = {"en": "Ours"}
        move(session, minutes=30)
    ours = session.starts_at
    changed = TWO_TALKS.replace(b"Cloud computing in practice", b"Theirs").replace(b">10:00<", b">15:00<")

    [title, start] = preview(edition, changed).conflicts
    run_import(edition, changed, now, ImportDecisions(take=frozenset({title.id})))

    db.session.expire_all()
    assert (title.name, start.name) == ("title", "start")
    assert (session.title, session.starts_at) == ({"en": "Theirs"}, ours)


def test_import_when_a_place_was_changed_in_the_draft_then_it_is_asked_and_the_published_one_stays(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    run_import(edition, TWO_TALKS, now)
    [session, _] = sessions_of(edition)
    published = session.starts_at
    assert published is not None
    with atomic():
        move(session, minutes=60, publish=False)
    later = TWO_TALKS.replace(b">10:00<", b">15:00<")

    same = run_import(edition, TWO_TALKS, now)
    asked = run_import(edition, later, now)
    db.session.expire_all()
    kept = (session.starts_at, db.session.get_one(Placement, session.id).starts_at)
    even_later = TWO_TALKS.replace(b">10:00<", b">16:00<")
    [conflict] = preview(edition, even_later).conflicts
    run_import(edition, even_later, now, ImportDecisions(take=frozenset({conflict.id})))
    db.session.expire_all()

    assert (same.kept, [each.name for each in asked.conflicts]) == (1, ["start"])
    assert kept == (published, published + timedelta(hours=1))
    assert session.starts_at == db.session.get_one(Placement, session.id).starts_at == published + timedelta(hours=6)


def test_import_when_times_change_then_the_draft_is_moved_and_logged(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    run_import(edition, TWO_TALKS, now)
    before = db.session.get_one(Timetable, edition.id).revision

    run_import(edition, TWO_TALKS.replace(b">10:00<", b">15:00<"), now)

    db.session.expire_all()
    [session, _] = sessions_of(edition)
    revision = db.session.get_one(Timetable, edition.id).revision
    last = db.session.get_one(TimetableChange, (edition.id, revision))
    placement = db.session.get_one(Placement, session.id)
    assert (before, revision, last.session_id) == (2, 3, session.id)
    assert (placement.starts_at, placement.ends_at) == (session.starts_at, session.ends_at)
    assert session.moved_from is not None


def test_import_when_adding_and_updating_then_removes_nothing(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    run_import(edition, TWO_TALKS, now)
    fewer = without(TWO_TALKS, "1").replace(b"for ports", b"for harbours")

    change = run_import(edition, fewer, now, ImportDecisions(ImportMode.UPDATE, allowed_removals=0))

    assert figures(change) == (0, 1, 0, 0)
    assert change.missing == 1
    assert (change.removed_speakers, change.removed_tracks) == ((), ())
    assert [row.title["en"] for row in list_sessions(edition.id)] == [
        "Cloud computing in practice",
        "Artificial intelligence for harbours",
    ]


def test_import_when_a_draft_or_unplaced_session_is_not_in_the_file_then_it_stays(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    run_import(edition, TWO_TALKS, now)
    with atomic():
        db.session.add_all(
            [
                Session(edition_id=edition.id, slug="draft", title={"en": "Draft"}, state=SessionState.DRAFT.value),
                Session(edition_id=edition.id, slug="unplaced", title={"en": "Unplaced"}),
            ]
        )

    change = run_import(edition, export(edition, "frab-xml"), now)

    assert figures(change) == (0, 0, 2, 0)
    assert b"Draft" not in export(edition, "sessionize")
    assert {each.slug for each in sessions_of(edition)} >= {"draft", "unplaced"}


def test_import_when_made_here_then_recognized_in_our_own_exports(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    start = datetime.fromisoformat("2027-05-26T10:00+08:00")
    with atomic():
        room = Room(edition_id=edition.id, slug="main", name={"en": "Main", "zh": "主会场"})
        db.session.add(room)
        db.session.flush()
        session = Session(
            edition_id=edition.id, slug="made", title={"en": "Made", "zh": "自建"}, day=start.date(), starts_at=start,
            ends_at=start + timedelta(hours=1), room_id=room.id,
        )  # fmt: skip
        db.session.add(session)
        db.session.flush()
        db.session.add(
            Placement(
                session_id=session.id, edition_id=edition.id, room_id=room.id, starts_at=start,
                ends_at=start + timedelta(hours=1),
            )
        )  # fmt: skip

    changes = {name: run_import(edition, export(edition, name), now) for name in SCHEDULE_FORMATS}

    db.session.expire_all()
    assert {name: figures(change) for name, change in changes.items()} == dict.fromkeys(SCHEDULE_FORMATS, (0, 0, 1, 0))
    assert (session.title, room.name) == ({"en": "Made", "zh": "自建"}, {"en": "Main", "zh": "主会场"})


def test_import_when_a_speaker_was_corrected_here_and_in_the_file_then_asks(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    run_import(edition, TWO_TALKS, now)
    speaker = db.session.scalars(select(Speaker).where(Speaker.external_id == "8")).one()
    with atomic():
        speaker.name = {"en": "Ada Lovelace"}
    changed = TWO_TALKS.replace(b">Ada<", b">A. King<")

    seen = preview(edition, changed)
    run_import(edition, changed, now, ImportDecisions(take=frozenset(each.id for each in seen.conflicts)))

    db.session.expire_all()
    assert [(each.name, each.ours, each.theirs) for each in seen.conflicts] == [
        ("name", {"en": "Ada Lovelace"}, {"en": "A. King"})
    ]
    assert speaker.name == {"en": "A. King"}


def test_import_when_one_language_changed_in_a_file_with_one_then_the_other_stays(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    run_import(edition, shared("coscup-2023.json"), now)
    session = next(each for each in sessions_of(edition) if len(set(each.title.values())) == 2)
    schedule = read_schedule_file(edition, export(edition, "frab-xml"))
    events = tuple(
        replace(event, title={"en": "Another"}) if event.title["en"] == session.title["en"] else event
        for event in schedule.events
    )

    change = import_program(SYSTEM, edition.id, replace(schedule, events=events), now)

    chinese = session.title["zh"]
    db.session.expire_all()
    assert len(change.changed) >= 1
    assert session.title == {"zh": chinese, "en": "Another"}
    source = db.session.get_one(ScheduleSource, edition.id)
    assert source.format == "opass-json"


def test_preview_when_rooms_overlap_or_days_are_wrong_then_named(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    run_import(edition, TWO_TALKS, now)
    both = TWO_TALKS.replace(b"Hall B", b"Hall A").replace(b"2027-05-27", b"2027-05-26").replace(b">11:00<", b">10:30<")
    third = (
        b'<day index="3" date="2028-05-27"><room name="Hall C"><event id="3"><start>11:00</start>'
        b"<duration>00:30</duration><room>Hall C</room><title>A third talk</title></event></room></day></schedule>"
    )
    away = TWO_TALKS.replace(b"</schedule>", third)

    beside = TWO_TALKS.replace(b'id="1"', b'id="9"').replace(b"Cloud computing in practice", b"Quantum")

    taken = preview(edition, beside).findings
    overlap = preview(edition, both).findings
    findings = preview(edition, away).findings

    assert [(each.code, len(each.titles)) for each in overlap] == [("room_overlap", 2)]
    assert [(each.code, [title["en"] for title in each.titles]) for each in taken] == [
        ("room_taken", ["Quantum", "Cloud computing in practice"])
    ]
    assert [(each.code, each.place) for each in findings] == [
        ("room_unknown", {"en": "Hall C"}),
        ("outside_days", {"en": "Hall C"}),
    ]
