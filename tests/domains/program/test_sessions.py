"""Sessions, speakers, tracks and types changed by hand: what is stored, searched, recorded and kept in step."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from expo.accounts.errors import PermissionMissing
from expo.accounts.rules import ANONYMOUS, SYSTEM
from expo.editions.queries import EditionFacts, get_edition
from expo.editions.services import add_hall, add_room
from expo.errors import Conflict, Invalid, Missing, Outdated
from expo.flows import sessions as flow
from expo.flows.venue import PlaceInUse, delete_room
from expo.infra.audit import list_audit_records
from expo.infra.db import atomic, db
from expo.matchmaking.models import SessionTopic
from expo.program.models import AgendaEntry, Placement, Session, Speaker, Timetable, TimetableChange
from expo.program.queries import (
    UNPLACED,
    DraftFilter,
    SessionFilter,
    count_session_uses,
    count_sessions_by_state,
    get_any_session,
    get_any_speaker,
    get_speaker,
    list_all_sessions,
    list_sessions,
)
from expo.program.rules import Link, SessionRequest, SpeakerPart, SpeakerRequest, SpeakerRole, TrackRequest, TypeRequest
from expo.program.services import (
    add_to_agenda,
    cancel_session,
    change_session,
    change_speaker,
    create_session,
    create_speaker,
    create_track,
    create_type,
    delete_session,
    delete_speaker,
    delete_track,
    delete_type,
    duplicate_session,
    merge_speakers,
    move_track,
    reinstate_session,
    set_speaker_photo,
)
from expo.pure.periods import Period
from tests.make import make_attendee
from tests.web.organizer.program_forms import make_session, make_speaker, publish

REQUEST = SessionRequest({"en": "Data for cities"}, {}, {}, {})


def titles(edition: EditionFacts, q: str) -> list[str]:
    return [row.title["en"] for row in list_sessions(edition.id, SessionFilter(q=q))]


def place(edition: EditionFacts, slug: str, room_id: int, at: datetime) -> None:
    """Place a session in the draft timetable."""
    with atomic():
        session = db.session.scalars(select(Session).where(Session.slug == slug)).one()
        db.session.add(Timetable(edition_id=edition.id, revision=1))
        db.session.add(
            Placement(
                session_id=session.id,
                edition_id=edition.id,
                room_id=room_id,
                starts_at=at,
                ends_at=at + timedelta(minutes=30),
            )
        )
        db.session.flush()
        db.session.add(
            TimetableChange(edition_id=edition.id, revision=1, session_id=session.id, after={}, changed_at=at)
        )
        db.session.flush()


def test_session_when_changed_then_only_that_is_recorded_and_its_version_rises(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    slug = create_session(SYSTEM, edition.id, REQUEST, now)
    before = get_edition(edition.id).content_version

    change_session(SYSTEM, edition.id, slug, replace(REQUEST, level="beginner", tags=("x",)), "1", now)
    change_session(SYSTEM, edition.id, slug, replace(REQUEST, level="beginner", tags=("x",)), "2", now)

    page = get_any_session(edition.id, slug)
    [changed, created] = list_audit_records("session", page.row.id)
    assert (page.version, page.row.level, page.row.tags) == ("2", "beginner", ("x",))
    assert (created.action, changed.action) == ("program.create_session", "program.change_session")
    assert (changed.details["fields"], changed.details["version"]) == (["level", "tags"], "2")
    assert get_edition(edition.id).content_version == before + 1


def test_session_when_its_version_is_outdated_then_nothing_changes(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    slug = create_session(SYSTEM, edition.id, REQUEST, now)
    change_session(SYSTEM, edition.id, slug, replace(REQUEST, level="beginner"), "1", now)

    with pytest.raises(Outdated):
        change_session(SYSTEM, edition.id, slug, replace(REQUEST, level="advanced"), "1", now)

    assert get_any_session(edition.id, slug).row.level == "beginner"


def test_session_when_its_calendar_facts_change_then_its_sequence_rises(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    slug = create_session(SYSTEM, edition.id, REQUEST, now)
    sequences = []
    for request in (replace(REQUEST, notes="x"), replace(REQUEST, title={"en": "New"})):
        change_session(SYSTEM, edition.id, slug, request, None, now)
        sequences.append(get_any_session(edition.id, slug).row.sequence)
    publish(slug)
    cancel_session(SYSTEM, edition.id, slug, None, now)
    reinstate_session(SYSTEM, edition.id, slug, None, now)

    assert [*sequences, get_any_session(edition.id, slug).row.sequence] == [0, 1, 3]


def test_session_when_anything_named_in_it_changes_then_search_follows(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    create_track(SYSTEM, edition.id, TrackRequest({"en": "Clouds"}), now)
    ada = make_speaker(edition, "Ada", now)
    slug = make_session(edition, "First", now, track="clouds", speakers=(SpeakerPart(ada),), tags=("ports",))
    publish(slug)
    found = [titles(edition, q) for q in ("first", "clouds", "ada", "ports")]

    change_speaker(SYSTEM, edition.id, ada, SpeakerRequest({"en": "Grace"}, {}), None, now)
    flow.delete_track(SYSTEM, edition.id, "clouds", None, now)

    assert found == [["First"]] * 4
    assert [titles(edition, q) for q in ("ada", "clouds", "grace")] == [[], [], ["First"]]


def test_session_when_its_title_changes_then_its_topics_follow(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    slug = flow.create_session(SYSTEM, edition.id, replace(REQUEST, title={"en": "Artificial intelligence"}), now)
    before = list(db.session.scalars(select(SessionTopic.topic)))

    flow.change_session(SYSTEM, edition.id, slug, replace(REQUEST, title={"en": "Cybersecurity"}), None, now)

    assert before != []
    assert set(db.session.scalars(select(SessionTopic.topic))) & set(before) == set()


def test_draft_when_a_speaker_is_only_in_it_then_not_public_until_it_is(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    ada = make_speaker(edition, "Ada", now)
    slug = make_session(edition, "First", now, speakers=(SpeakerPart(ada),))
    with pytest.raises(Missing):
        get_speaker(edition.id, ada)
    publish(slug)

    change_session(
        SYSTEM, edition.id, slug, replace(REQUEST, speakers=(SpeakerPart(ada, SpeakerRole.MODERATOR),)), None, now
    )

    assert get_speaker(edition.id, ada).sessions[0].speakers[0].is_moderator


def test_session_when_duplicated_then_its_place_seats_taken_and_recording_stay_behind(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    slug = make_session(edition, "First", now, recording_url="https://example.org/r", seat_limit=30, needs=("stage",))
    place(edition, slug, add_room(SYSTEM, edition.id, "a", {"en": "A"}), now)
    publish(slug)

    copy = get_any_session(edition.id, duplicate_session(SYSTEM, edition.id, slug, now))

    assert (copy.row.slug, copy.row.state, copy.place, copy.row.recording_url) == ("first-2", "draft", None, "")
    assert (copy.seat_limit, copy.needs, copy.version) == (30, ("stage",), "1")


def test_session_when_deleted_then_everything_of_it_is_gone_and_the_timetable_knows(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    slug = make_session(edition, "First", now, speakers=(SpeakerPart(make_speaker(edition, "Ada", now)),))
    place(edition, slug, add_room(SYSTEM, edition.id, "a", {"en": "A"}), now)
    publish(slug)
    session_id = get_any_session(edition.id, slug).row.id
    add_to_agenda(SYSTEM, edition.id, make_attendee(edition, now).id, slug, now)
    uses = count_session_uses(session_id)

    with pytest.raises(Conflict) as refused:
        delete_session(SYSTEM, edition.id, slug, None, now, with_uses=False)
    delete_session(SYSTEM, edition.id, slug, None, now)

    left = [db.session.scalar(select(func.count()).select_from(table)) for table in (AgendaEntry, Placement, Session)]
    assert (uses.agendas, uses.speakers, uses.is_placed) == (1, 1, True)
    assert (refused.value.code, refused.value.params["agendas"]) == ("session_in_use", 1)
    assert left == [0, 0, 0]
    assert db.session.scalar(select(Timetable.revision)) == 2
    assert list_audit_records("session", session_id)[0].details["agendas"] == 1


def test_cancellation_when_not_possible_then_said_why(app: Flask, edition: EditionFacts, now: datetime) -> None:
    slug = make_session(edition, "First", now)
    codes = []
    for act in (cancel_session, reinstate_session):
        with pytest.raises(Conflict) as refused:
            act(SYSTEM, edition.id, slug, None, now)
        codes.append(refused.value.code)
    publish(slug)
    cancel_session(SYSTEM, edition.id, slug, None, now)
    with pytest.raises(Conflict) as refused:
        cancel_session(SYSTEM, edition.id, slug, None, now)

    assert [*codes, refused.value.code] == [
        "session_not_published",
        "session_not_cancelled",
        "session_already_cancelled",
    ]
    assert [row.is_cancelled for row in list_sessions(edition.id)] == [True]


def test_sessions_when_counted_by_state_then_unplaced_ones_too(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    hall = add_hall(SYSTEM, edition.id, "h1", {"en": "Hall 1"})
    room = add_room(SYSTEM, edition.id, "a", {"en": "A"}, hall_id=hall)
    for title in ("Alpha", "Beta", "Gamma"):
        make_session(edition, title, now)
    place(edition, "alpha", room, now)
    for slug in ("beta", "gamma"):
        publish(slug)
    cancel_session(SYSTEM, edition.id, "gamma", None, now)

    counts = count_sessions_by_state(edition.id)
    shown = {
        name: [row.session.slug for row in list_all_sessions(edition.id, wanted)]
        for name, wanted in (
            ("unplaced", DraftFilter(state=UNPLACED)),
            ("room", DraftFilter(room="a")),
            ("hall", DraftFilter(hall="h1")),
            ("another", DraftFilter(hall="h2")),
        )
    }

    assert counts == {"draft": 1, "published": 1, "cancelled": 1, "unplaced": 1}
    assert shown == {"unplaced": ["beta"], "room": ["alpha"], "hall": ["alpha"], "another": []}


def test_room_when_a_draft_is_placed_in_it_then_not_deleted(app: Flask, edition: EditionFacts, now: datetime) -> None:
    room = add_room(SYSTEM, edition.id, "a", {"en": "A"})
    make_session(edition, "Alpha", now)
    place(edition, "alpha", room, now)

    with pytest.raises(PlaceInUse) as refused:
        delete_room(SYSTEM, edition.id, room, now)

    assert refused.value.uses.sessions == 1


def test_speakers_when_merged_then_nothing_of_either_is_lost(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    period = Period(now, now + timedelta(hours=1))
    one = create_speaker(SYSTEM, edition.id, SpeakerRequest({"en": "Ada"}, {}, (Link("https://a.example"),)), now)
    two = create_speaker(
        SYSTEM,
        edition.id,
        SpeakerRequest({"en": "A. L.", "zh": "阿达"}, {"en": "Bio"}, (Link("https://b.example"),), (period,)),
        now,
    )
    set_speaker_photo(SYSTEM, edition.id, two, b"photo", now)
    key = get_any_speaker(edition.id, two).photo_key
    make_session(edition, "First", now, speakers=(SpeakerPart(two, SpeakerRole.MODERATOR),))

    merge_speakers(SYSTEM, edition.id, one, two, now)

    merged = get_any_speaker(edition.id, one)
    assert (merged.name, merged.biography) == ({"en": "Ada", "zh": "阿达"}, {"en": "Bio"})
    assert [each["url"] for each in merged.links] == ["https://a.example", "https://b.example"]
    assert (merged.unavailable, merged.photo_key) == ((period,), key)
    assert [(row.slug, row.speakers[0].role) for row in merged.sessions] == [("first", "moderator")]
    assert db.session.scalar(select(func.count()).select_from(Speaker)) == 1
    with pytest.raises(Conflict):
        merge_speakers(SYSTEM, edition.id, one, one, now)


def test_type_when_deleted_then_its_sessions_stay_without(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    code = create_type(SYSTEM, edition.id, TypeRequest({"en": "Talk"}, 40), now)
    slug = make_session(edition, "First", now, kind=code)

    delete_type(SYSTEM, edition.id, code, None, now)

    assert (get_any_session(edition.id, slug).row.kind, get_any_session(edition.id, slug).version) == ("", "2")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": {"en": " "}}, "title"),
        ({"title": {"en": "x" * 501}}, "title"),
        ({"kind": "none"}, "kind"),
        ({"track": "none"}, "track"),
        ({"speakers": (SpeakerPart("none"),)}, "speakers"),
        ({"tags": ("x" * 65,)}, "tags"),
        ({"seat_limit": 0}, "seat_limit"),
        ({"stream_url": "http://example.org"}, "stream_url"),
        ({"recording_url": "https://"}, "recording_url"),
        ({"links": (Link("javascript:alert(1)"),)}, "links"),
        ({"attachments": (Link("", "Title"),)}, "attachments"),
        ({"notes": "x" * 30_001}, "notes"),
    ],
)
def test_session_when_a_value_is_wrong_then_the_field_is_named(
    change: dict[str, object], field: str, app: Flask, edition: EditionFacts, now: datetime
) -> None:
    with pytest.raises(Invalid) as refused:
        create_session(SYSTEM, edition.id, replace(REQUEST, **change), now)  # type: ignore[arg-type]

    assert refused.value.params["field"] == field
    assert list_all_sessions(edition.id) == []


def test_programme_when_others_try_to_change_it_then_refused(app: Flask, edition: EditionFacts, now: datetime) -> None:
    make_session(edition, "First", now)
    make_speaker(edition, "Ada", now)
    speaker, track, kind = SpeakerRequest({"en": "X"}, {}), TrackRequest({"en": "X"}), TypeRequest({"en": "X"})
    acts = (
        lambda: create_session(ANONYMOUS, edition.id, REQUEST, now),
        lambda: change_session(ANONYMOUS, edition.id, "first", REQUEST, None, now),
        lambda: duplicate_session(ANONYMOUS, edition.id, "first", now),
        lambda: cancel_session(ANONYMOUS, edition.id, "first", None, now),
        lambda: reinstate_session(ANONYMOUS, edition.id, "first", None, now),
        lambda: delete_session(ANONYMOUS, edition.id, "first", None, now),
        lambda: create_speaker(ANONYMOUS, edition.id, speaker, now),
        lambda: change_speaker(ANONYMOUS, edition.id, "ada", speaker, None, now),
        lambda: set_speaker_photo(ANONYMOUS, edition.id, "ada", None, now),
        lambda: merge_speakers(ANONYMOUS, edition.id, "ada", "bo", now),
        lambda: delete_speaker(ANONYMOUS, edition.id, "ada", None, now),
        lambda: create_track(ANONYMOUS, edition.id, track, now),
        lambda: move_track(ANONYMOUS, edition.id, "x", 1, now),
        lambda: delete_track(ANONYMOUS, edition.id, "x", None, now),
        lambda: create_type(ANONYMOUS, edition.id, kind, now),
        lambda: delete_type(ANONYMOUS, edition.id, "x", None, now),
    )

    for act in acts:
        with pytest.raises(PermissionMissing):
            act()
