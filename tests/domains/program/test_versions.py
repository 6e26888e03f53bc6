"""Publishing the draft timetable: what becomes public, what it says changed, and going back."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from expo.accounts.errors import PermissionMissing
from expo.accounts.rules import ANONYMOUS, SYSTEM
from expo.editions.queries import EditionFacts
from expo.editions.services import add_room
from expo.errors import Conflict, Invalid
from expo.flows.program_import import import_program, read_schedule_file
from expo.infra.db import atomic, db
from expo.program.errors import SessionMissing, VersionMissing
from expo.program.models import Placement, Session, SessionSpeaker, Speaker, TimetableChange
from expo.program.queries import (
    compare_draft,
    compare_restored,
    get_session,
    get_timetable,
    get_version,
    list_due_publications,
    list_sessions,
    list_speakers,
    list_types,
    list_versions,
)
from expo.program.rules.versions import ChangeKind
from expo.program.services import (
    plan_publication,
    publish_timetable,
    restore_version,
    revoke_preview,
    share_preview,
)

pytestmark = pytest.mark.usefixtures("each_app")
HOUR = timedelta(hours=1)


@pytest.fixture
def rooms(edition: EditionFacts) -> tuple[int, int]:
    first = add_room(SYSTEM, edition.id, "hall-a", {"en": "Hall A"})
    return first, add_room(SYSTEM, edition.id, "hall-b", {"en": "Hall B"})


def make_session(edition: EditionFacts, slug: str, state: str = "draft") -> int:
    with atomic():
        session = Session(edition_id=edition.id, slug=slug, title={"en": slug.title()}, state=state)
        db.session.add(session)
        db.session.flush()
        return session.id


def place(edition: EditionFacts, session_id: int, room_id: int, starts_at: datetime) -> None:
    with atomic():
        placement = db.session.get(Placement, session_id)
        if placement is None:
            placement = Placement(session_id=session_id, edition_id=edition.id)
            db.session.add(placement)
        placement.room_id, placement.starts_at, placement.ends_at = room_id, starts_at, starts_at + HOUR


def unplace(session_id: int) -> None:
    with atomic():
        db.session.delete(db.session.get(Placement, session_id))


def test_draft_when_not_published_then_nobody_sees_it(
    edition: EditionFacts, rooms: tuple[int, int], now: datetime
) -> None:
    place(edition, make_session(edition, "lakes"), rooms[0], now)

    assert list_sessions(edition.id) == []
    with pytest.raises(SessionMissing):
        get_session(edition.id, "lakes")
    assert [change.kind for change in compare_draft(edition.id)] == [ChangeKind.ADDED]


def test_draft_when_published_then_placed_sessions_and_their_speakers_are_public(
    edition: EditionFacts, rooms: tuple[int, int], now: datetime
) -> None:
    placed, unplaced = make_session(edition, "lakes"), make_session(edition, "rivers")
    place(edition, placed, rooms[0], now)
    with atomic():
        for slug, session_id in (("ada", placed), ("bob", unplaced)):
            speaker = Speaker(edition_id=edition.id, slug=slug, name={"en": slug.title()}, is_public=False)
            db.session.add(speaker)
            db.session.flush()
            db.session.add(SessionSpeaker(session_id=session_id, speaker_id=speaker.id))

    published = publish_timetable(SYSTEM, edition.id, " First  draft ", now)

    assert published.number == 1
    [row] = list_sessions(edition.id)
    assert (row.slug, row.starts_at, row.room and row.room.slug) == ("lakes", now, "hall-a")
    assert [speaker.slug for speaker in list_speakers(edition.id)] == ["ada"]
    assert [(each.number, each.label) for each in list_versions(edition.id)] == [(1, "First draft")]
    assert compare_draft(edition.id) == ()


def test_session_when_moved_and_published_then_says_where_it_was(
    edition: EditionFacts, rooms: tuple[int, int], now: datetime
) -> None:
    session_id = make_session(edition, "lakes")
    place(edition, session_id, rooms[0], now)
    publish_timetable(SYSTEM, edition.id, "", now)
    place(edition, session_id, rooms[1], now + HOUR)
    assert get_session(edition.id, "lakes").row.starts_at == now

    [change] = publish_timetable(SYSTEM, edition.id, "", now + HOUR).changes

    assert change.kind is ChangeKind.MOVED
    assert change.before is not None
    assert (change.before.room_id, change.before.starts_at) == (rooms[0], now)
    row = db.session.scalars(select(Session).execution_options(populate_existing=True)).one()
    assert row.moved_from == {"room_id": rooms[0], "starts_at": now.isoformat()}
    assert (row.room_id, row.starts_at, row.sequence) == (rooms[1], now + HOUR, 1)


def test_session_when_unplaced_or_cancelled_and_published_then_stays_visible(
    edition: EditionFacts, rooms: tuple[int, int], now: datetime
) -> None:
    taken_out, cancelled = make_session(edition, "lakes"), make_session(edition, "rivers")
    for session_id, room_id in zip((taken_out, cancelled), rooms, strict=True):
        place(edition, session_id, room_id, now)
    publish_timetable(SYSTEM, edition.id, "", now)
    unplace(taken_out)
    with atomic():
        db.session.get_one(Session, cancelled).state = "cancelled"

    changes = publish_timetable(SYSTEM, edition.id, "", now).changes

    assert {each.session_id: each.kind for each in changes} == {
        taken_out: ChangeKind.UNPLACED,
        cancelled: ChangeKind.CANCELLED,
    }
    assert {row.slug: (row.starts_at, row.is_cancelled) for row in list_sessions(edition.id)} == {
        "lakes": (None, False),
        "rivers": (now, True),
    }


def test_session_when_after_midnight_then_belongs_to_the_day_before(
    edition: EditionFacts, rooms: tuple[int, int], now: datetime
) -> None:
    midnight = datetime.combine(edition.days[1], datetime.min.time(), edition.zone)
    place(edition, make_session(edition, "party"), rooms[0], midnight + timedelta(minutes=30))

    publish_timetable(SYSTEM, edition.id, "", now)

    assert [row.day for row in list_sessions(edition.id)] == [edition.days[0]]


def test_publication_when_the_draft_changed_meanwhile_or_not_at_all_then_refuses(
    edition: EditionFacts, rooms: tuple[int, int], now: datetime
) -> None:
    session_id = make_session(edition, "lakes")
    place(edition, session_id, rooms[0], now)
    publish_timetable(SYSTEM, edition.id, "", now)

    with pytest.raises(Conflict, match="timetable_unchanged"):
        publish_timetable(SYSTEM, edition.id, "", now)
    place(edition, session_id, rooms[1], now)
    with pytest.raises(Conflict, match="timetable_changed"):
        publish_timetable(SYSTEM, edition.id, "", now, revision=get_timetable(edition.id).revision + 1)
    with pytest.raises(Invalid, match="label_too_long"):
        publish_timetable(SYSTEM, edition.id, "x" * 101, now)
    with pytest.raises(PermissionMissing):
        publish_timetable(ANONYMOUS, edition.id, "", now)
    assert [each.number for each in list_versions(edition.id)] == [1]


def test_version_when_restored_then_the_draft_is_as_it_was_and_the_log_says_so(
    edition: EditionFacts, rooms: tuple[int, int], now: datetime
) -> None:
    first, second = make_session(edition, "lakes"), make_session(edition, "rivers")
    place(edition, first, rooms[0], now)
    publish_timetable(SYSTEM, edition.id, "", now)
    place(edition, first, rooms[1], now + HOUR)
    place(edition, second, rooms[0], now)
    publish_timetable(SYSTEM, edition.id, "", now)
    expected = {each.session_id: each.kind for each in compare_restored(edition.id, 1)}
    assert expected == {first: ChangeKind.MOVED, second: ChangeKind.UNPLACED}

    assert restore_version(SYSTEM, edition.id, 1, now) == 2

    placements = db.session.scalars(select(Placement).where(Placement.edition_id == edition.id)).all()
    assert [(each.session_id, each.room_id, each.starts_at) for each in placements] == [(first, rooms[0], now)]
    assert {each.session_id: each.kind for each in compare_draft(edition.id)} == expected
    log = db.session.scalars(select(TimetableChange).order_by(TimetableChange.revision)).all()
    assert [(each.revision, each.session_id, each.after is None) for each in log] == [
        (1, first, False),
        (2, second, True),
    ]
    assert get_timetable(edition.id).revision == 2


def test_version_when_missing_or_of_another_edition_then_is_not_found(edition: EditionFacts, now: datetime) -> None:
    publish_timetable(SYSTEM, edition.id, "", now)

    for edition_id, number in ((edition.id, 2), (edition.id + 1, 1)):
        with pytest.raises(VersionMissing):
            get_version(edition_id, number)
    with pytest.raises(VersionMissing):
        restore_version(SYSTEM, edition.id, 7, now)


def test_publication_when_planned_then_is_due_at_its_time_and_forgotten_once_published(
    edition: EditionFacts, rooms: tuple[int, int], now: datetime
) -> None:
    with pytest.raises(Invalid, match="publish_at_past"):
        plan_publication(SYSTEM, edition.id, now, now)
    plan_publication(SYSTEM, edition.id, now + HOUR, now)

    assert list_due_publications(now) == []
    assert [each.edition_id for each in list_due_publications(now + HOUR)] == [edition.id]
    publish_timetable(SYSTEM, edition.id, "", now)
    assert get_timetable(edition.id).publish_at is None


def test_preview_key_when_shared_again_or_ended_then_the_former_is_gone(edition: EditionFacts, now: datetime) -> None:
    first = share_preview(SYSTEM, edition.id, now)
    second = share_preview(SYSTEM, edition.id, now)

    assert first != second
    assert get_timetable(edition.id).preview_key == second
    revoke_preview(SYSTEM, edition.id, now)
    assert get_timetable(edition.id).preview_key is None


PROGRAM = """<schedule><conference><title>Expo</title><acronym>x</acronym><start>2027-05-26</start><end>2027-05-27</end>
<days>2</days><time_zone_name>Asia/Shanghai</time_zone_name></conference><day index="1" date="2027-05-26">
<room name="Hall A"><event id="1"><start>{start}</start><duration>01:00</duration><room>Hall A</room>
<title>Cloud computing in practice</title><type>lightning_talk</type><persons><person id="7">张伟</person></persons>
</event>{more}</room></day></schedule>"""
SECOND = """<event id="2"><start>15:00</start><duration>00:30</duration><room>Hall A</room><title>Ports</title>
<type>keynote</type></event>"""


def run_import(edition: EditionFacts, now: datetime, start: str, more: str = "") -> None:
    data = PROGRAM.format(start=start, more=more).encode()
    import_program(SYSTEM, edition.id, read_schedule_file(edition, data), now)


def test_import_when_it_publishes_directly_then_the_draft_has_nothing_left_to_publish(
    edition: EditionFacts, now: datetime
) -> None:
    run_import(edition, now, "10:00")
    first = compare_draft(edition.id)
    publish_timetable(SYSTEM, edition.id, "First", now)

    run_import(edition, now, "11:00", SECOND)
    latest = list_versions(edition.id)[0]
    run_import(edition, now, "11:00", SECOND)

    assert (first, compare_draft(edition.id)) == ((), ())
    assert (latest.number, {str(kind): count for kind, count in latest.counts.items()}) == (2, {"moved": 1, "added": 1})
    assert [each.number for each in list_versions(edition.id)] == [2, 1]
    run_import(edition, now, "11:00")
    assert {str(kind) for kind in list_versions(edition.id)[0].counts} == {"removed"}
    assert compare_draft(edition.id) == ()


def test_import_when_nothing_was_published_by_hand_then_what_visitors_saw_becomes_the_first_version(
    edition: EditionFacts, now: datetime
) -> None:
    run_import(edition, now, "10:00")
    alone = list_versions(edition.id)

    run_import(edition, now, "11:00")

    assert alone == []
    versions = [(each.number, [str(change.kind) for change in each.changes]) for each in list_versions(edition.id)]
    assert versions == [(2, ["moved"]), (1, [])]
    assert compare_draft(edition.id) == ()


def test_import_when_other_changes_wait_in_the_draft_then_they_stay_unpublished(
    edition: EditionFacts, rooms: tuple[int, int], now: datetime
) -> None:
    run_import(edition, now, "10:00")
    publish_timetable(SYSTEM, edition.id, "First", now)
    waiting = make_session(edition, "waiting")
    place(edition, waiting, rooms[0], now + HOUR)

    run_import(edition, now, "11:00")

    assert [change.session_id for change in compare_draft(edition.id)] == [waiting]
    assert {row.slug for row in list_sessions(edition.id)} == {"cloud-computing-in-practice"}


def test_types_when_imported_then_have_names_that_people_read(edition: EditionFacts, now: datetime) -> None:
    run_import(edition, now, "10:00", SECOND)

    assert {each.code: each.name for each in list_types(edition.id)} == {
        "lightning_talk": {"en": "Lightning talk"},
        "keynote": {"en": "Keynote", "zh": "主旨演讲"},
    }
