import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from expo.accounts.errors import PermissionMissing
from expo.accounts.rules import ANONYMOUS, SYSTEM, Actor
from expo.editions.queries import EditionFacts, get_edition, list_rooms
from expo.errors import Conflict
from expo.flows.program_import import import_program, read_schedule_file
from expo.formats.detect import detect_format
from expo.infra.db import atomic, db
from expo.matchmaking.models import SessionTopic
from expo.program.exports import export_schedule
from expo.program.models import AgendaEntry, ScheduleSource, Session, SessionSpeaker
from expo.program.queries import count_sessions, get_session, list_agenda, list_sessions, list_tracks, paginate_speakers
from expo.program.rules import ImportDecisions, ScheduleChange
from expo.program.rules.renames import Named, find_renames
from expo.program.services import add_to_agenda, preview_schedule
from expo.pure.languages import localized
from tests.conftest import make_edition
from tests.formats.test_schedules import FILES, canonical, shared
from tests.make import make_attendee

SMALL = "pretalx-rc3.json"
EXPORTS = {"frab-xml": "frab-xml", "frab-json": "frab-json", "opass-json": "json"}
TWO_TALKS = """<schedule><conference><title>Expo</title><acronym>x</acronym><start>2027-05-26</start>
<end>2027-05-27</end><days>2</days><time_zone_name>Asia/Shanghai</time_zone_name></conference>
<day index="1" date="2027-05-26"><room name="Hall A"><event id="1"><start>10:00</start><duration>01:00</duration>
<room>Hall A</room><title>Cloud computing in practice</title><track>Cloud</track>
<persons><person id="7">张伟</person></persons></event></room></day>
<day index="2" date="2027-05-27"><room name="Hall B"><event id="2"><start>11:00</start><duration>00:30</duration>
<room>Hall B</room><title>Artificial intelligence for ports</title><track>AI</track>
<persons><person id="8">Ada</person></persons></event></room></day></schedule>""".encode()


def run_import(edition: EditionFacts, data: bytes, now: datetime, actor: Actor = SYSTEM) -> ScheduleChange:
    return import_program(actor, edition.id, read_schedule_file(edition, data), now)


def figures(change: ScheduleChange) -> tuple[int, int, int, int]:
    return len(change.added), len(change.changed), change.unchanged, len(change.removed)


def export(edition: EditionFacts, data: bytes) -> object:
    name = EXPORTS[detect_format(data)]
    return canonical(export_schedule(get_edition(edition.id), name, lambda slug: f"https://expo.test/sessions/{slug}"))


def without(data: bytes, event: str) -> bytes:
    return re.sub(rf'<event id="{event}">.*?</event>'.encode(), b"", data, flags=re.DOTALL)


@pytest.mark.parametrize("name", FILES)
def test_export_when_a_real_file_was_imported_then_equals_it(
    name: str, app: Flask, edition: EditionFacts, now: datetime
) -> None:
    data = shared(name)

    change = run_import(edition, data, now)

    assert (change.changed, change.unchanged, change.removed) == ((), 0, ())
    assert len(change.added) == count_sessions(edition.id)
    assert export(edition, data) == canonical(data)


def test_export_when_imported_on_either_database_then_equals_the_file(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    data = shared(SMALL)

    run_import(edition, data, now)

    assert export(edition, data) == canonical(data)


@pytest.mark.parametrize("name", FILES)
def test_import_when_the_same_file_comes_again_then_nothing_changes(
    name: str, app: Flask, edition: EditionFacts, now: datetime
) -> None:
    data = shared(name)
    schedule = read_schedule_file(edition, data)
    run_import(edition, data, now)
    attendee = make_attendee(edition, now)
    before = list_sessions(edition.id)
    for row in before[:3]:
        add_to_agenda(SYSTEM, edition.id, attendee.id, row.slug, now)

    seen = preview_schedule(SYSTEM, edition.id, schedule)
    done = run_import(edition, data, now + timedelta(hours=1))

    assert seen == done
    assert figures(done) == (0, 0, len(schedule.events), 0)
    assert list_sessions(edition.id) == before
    assert list_agenda(attendee.id, edition.id) == before[:3]
    assert export(edition, data) == canonical(data)


@pytest.mark.parametrize("name", FILES)
def test_export_when_a_title_was_changed_here_then_only_the_title_differs(
    name: str, app: Flask, edition: EditionFacts, now: datetime
) -> None:
    data = shared(name)
    run_import(edition, data, now)
    sessions = db.session.scalars(select(Session).where(Session.edition_id == edition.id).order_by(Session.id))
    session, language, title = next(
        (session, language, title)
        for session in sessions
        for language, title in session.title.items()
        if re.fullmatch(r"[A-Za-z ]{12,}", title) and data.count(title.encode()) == 1
    )

    with atomic():
        session.title = {**session.title, language: "改名 & <renamed>"}

    escaped = "改名 &amp; &lt;renamed&gt;" if name.endswith(".xml") else "改名 & <renamed>"
    assert export(edition, data) == canonical(data.replace(title.encode(), escaped.encode()))


def test_import_when_a_session_is_gone_then_gone_from_agendas_and_topics(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    run_import(edition, TWO_TALKS, now)
    cloud, ai = list_sessions(edition.id)
    attendee = make_attendee(edition, now)
    for row in (cloud, ai):
        add_to_agenda(SYSTEM, edition.id, attendee.id, row.slug, now)
    topics = select(SessionTopic.session_id).distinct().order_by(SessionTopic.session_id)
    assert list(db.session.scalars(topics)) == [cloud.id, ai.id]

    change = run_import(edition, without(TWO_TALKS, "1"), now + timedelta(hours=1))

    assert figures(change) == (0, 0, 1, 1)
    assert change.removed == ({"en": "Cloud computing in practice"},)
    assert (change.removed_speakers, change.removed_tracks) == (({"en": "张伟"},), ({"en": "Cloud"},))
    assert list_agenda(attendee.id, edition.id) == list_sessions(edition.id)
    assert [row.id for row in list_sessions(edition.id)] == [ai.id]
    assert list(db.session.scalars(topics)) == [ai.id]
    assert list(db.session.scalars(select(AgendaEntry.session_id))) == [ai.id]
    assert list(db.session.scalars(select(SessionSpeaker.session_id))) == [ai.id]
    assert [track.name for track in list_tracks(edition.id)] == [{"en": "AI"}]
    assert [speaker.name for speaker in paginate_speakers(edition.id)[0]] == [{"en": "Ada"}]


def test_import_when_a_session_moves_then_keeps_its_address_and_its_place_in_agendas(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    run_import(edition, TWO_TALKS, now)
    before = list_sessions(edition.id)[0]
    attendee = make_attendee(edition, now)
    add_to_agenda(SYSTEM, edition.id, attendee.id, before.slug, now)
    moved = TWO_TALKS.replace(b"<start>10:00</start>", b"<start>14:30</start>").replace(b"Cloud computing", b"Clouds")

    change = run_import(edition, moved, now + timedelta(hours=1))

    [after] = list_agenda(attendee.id, edition.id)
    assert (change.added, change.changed, change.unchanged) == ((), ({"en": "Clouds in practice"},), 1)
    assert (after.id, after.slug, after.title) == (before.id, before.slug, {"en": "Clouds in practice"})
    assert (before.starts_at, after.starts_at) == (
        datetime.fromisoformat("2027-05-26T10:00+08:00"),
        datetime.fromisoformat("2027-05-26T14:30+08:00"),
    )
    assert export(edition, moved) == canonical(moved)


def test_import_when_into_one_edition_then_another_with_the_same_talks_stays(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    other = make_edition(now, "expo-2028", 2028)
    run_import(other, TWO_TALKS, now)
    visitor = make_attendee(other, now)
    before = list_sessions(other.id)
    add_to_agenda(SYSTEM, other.id, visitor.id, before[0].slug, now)
    version = get_edition(other.id).content_version

    run_import(edition, TWO_TALKS, now)
    run_import(edition, without(TWO_TALKS, "1"), now)

    assert len(list_sessions(edition.id)) == 1
    assert list_sessions(other.id) == before
    assert list_agenda(visitor.id, other.id) == before[:1]
    assert get_edition(other.id).content_version == version
    assert export(other, TWO_TALKS) == canonical(TWO_TALKS)


def test_import_when_asked_by_a_stranger_then_refused_and_nothing_is_kept(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    schedule = read_schedule_file(edition, TWO_TALKS)
    stranger = Actor("person", 1, edition_id=edition.id)

    for actor in (ANONYMOUS, stranger):
        with pytest.raises(PermissionMissing):
            import_program(actor, edition.id, schedule, now)
        with pytest.raises(PermissionMissing):
            preview_schedule(actor, edition.id, schedule)

    assert count_sessions(edition.id) == 0
    assert db.session.scalar(select(func.count()).select_from(ScheduleSource)) == 0


def test_preview_when_nothing_is_imported_yet_then_changes_nothing(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    change = preview_schedule(SYSTEM, edition.id, read_schedule_file(edition, TWO_TALKS))

    assert change.added == ({"en": "Cloud computing in practice"}, {"en": "Artificial intelligence for ports"})
    assert count_sessions(edition.id) == 0
    assert get_edition(edition.id).content_version == edition.content_version


def test_import_when_times_have_no_zone_then_they_are_the_editions(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    data = TWO_TALKS.replace(b"<time_zone_name>Asia/Shanghai</time_zone_name>", b"")

    run_import(edition, data, now)

    page = get_session(edition.id, list_sessions(edition.id)[1].slug)
    assert page.row.starts_at == datetime.fromisoformat("2027-05-27T11:00+08:00")
    assert (page.row.day, page.row.minutes) == (datetime(2027, 5, 27).date(), 30)  # noqa: DTZ001 - a day alone
    assert export(edition, data) == canonical(data)


def test_import_when_a_tenth_of_the_programme_would_go_then_only_with_the_number(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    run_import(edition, TWO_TALKS, now)
    fewer = read_schedule_file(edition, without(TWO_TALKS, "1"))

    with pytest.raises(Conflict, match="too_many_removals"):
        import_program(SYSTEM, edition.id, fewer, now, ImportDecisions(allowed_removals=0))
    kept = count_sessions(edition.id)
    import_program(SYSTEM, edition.id, fewer, now, ImportDecisions(allowed_removals=1))

    assert (kept, count_sessions(edition.id)) == (2, 1)


def test_sequence_when_a_session_moves_then_raised_and_for_others_not(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    run_import(edition, TWO_TALKS, now)
    run_import(edition, TWO_TALKS, now)
    before = [row.sequence for row in list_sessions(edition.id)]
    moved = read_schedule_file(edition, TWO_TALKS)
    first = replace(moved.events[0], minutes=(moved.events[0].minutes or 0) + 5)
    import_program(SYSTEM, edition.id, replace(moved, events=(first, *moved.events[1:])), now)

    assert (before, sorted(row.sequence for row in list_sessions(edition.id))) == ([0, 0], [0, 1])


RENAMED = TWO_TALKS.replace(b"Hall A", b"Hall Alpha").replace(b">AI<", b">Machine learning<")


def test_import_when_a_room_and_a_track_are_renamed_then_asked_and_not_added_again(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    run_import(edition, TWO_TALKS, now)
    rooms = [(each.id, each.slug) for each in list_rooms(edition.id)]
    schedule = read_schedule_file(edition, RENAMED)

    preview = preview_schedule(SYSTEM, edition.id, schedule)
    import_program(SYSTEM, edition.id, schedule, now, ImportDecisions(renames=preview.renames))

    assert [(each.kind, localized(each.name, "en"), localized(each.our_name, "en")) for each in preview.renames] == [
        ("room", "Hall Alpha", "Hall A"),
        ("track", "Machine learning", "AI"),
    ]
    assert [finding.code for finding in preview.findings] == []
    assert [(each.id, each.slug) for each in list_rooms(edition.id)] == rooms
    assert sorted(localized(each.name, "en") for each in list_rooms(edition.id)) == ["Hall Alpha", "Hall B"]
    assert sorted(localized(each.name, "en") for each in list_tracks(edition.id)) == ["Cloud", "Machine learning"]
    assert [row.sequence for row in list_sessions(edition.id)] == [0, 0]
    again = preview_schedule(SYSTEM, edition.id, schedule)
    assert (figures(again), again.renames) == ((0, 0, 2, 0), ())


def test_import_when_told_that_it_is_another_room_then_added(app: Flask, edition: EditionFacts, now: datetime) -> None:
    run_import(edition, TWO_TALKS, now)

    run_import(edition, RENAMED, now)

    assert {localized(each.name, "en") for each in list_rooms(edition.id)} == {"Hall A", "Hall Alpha", "Hall B"}


@pytest.mark.parametrize(
    ("new", "gone", "sessions", "expected"),
    [
        ("Main hall", "Main Hal", 0, True),
        ("Hall 2", "Hall 1", 0, False),
        ("Aula", "Hall 1", 0, False),
        # All its sessions are there now.
        ("Aula", "Hall 1", 2, True),
    ],
)
def test_renames_when_names_or_sessions_are_alike_then_found(
    new: str, gone: str, sessions: int, *, expected: bool
) -> None:
    found = find_renames(
        "room", [Named("n", {"en": new})], [Named("g", {"en": gone}, sessions)], {("n", "g"): sessions}
    )
    assert bool(found) is expected
