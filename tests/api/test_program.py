from datetime import datetime, timedelta

from flask import Flask

from expo.accounts.rules import SYSTEM, Permission
from expo.editions.queries import EditionFacts
from expo.editions.services import add_hall, add_room
from expo.exhibitors.models import Booth, Category, Exhibitor, ExhibitorBooth, ExhibitorCategory, ExhibitorTopic
from expo.infra.db import atomic
from expo.matchmaking.models import SessionTopic
from expo.profiles.services import choose_interests
from expo.program.models import Session, SessionSpeaker, Speaker, Track
from expo.pure.topics import bundled_topics
from tests.api.calls import Api, make_token
from tests.conftest import make_edition
from tests.domains.checkin.doors import OPENING
from tests.make import make_attendee


def _fill(edition: EditionFacts, mark: str, topic: str = "") -> None:
    """Give an edition a hall, a room, a track, a speaker, a session and a company, all bearing a mark."""
    hall = add_hall(SYSTEM, edition.id, f"H{mark}", {"en": f"Hall {mark}"})
    room = add_room(SYSTEM, edition.id, f"room-{mark}", {"en": f"Room {mark}"}, hall_id=hall, capacity=120)
    with atomic() as session:
        track = Track(edition_id=edition.id, slug=f"track-{mark}", name={"en": f"Track {mark}"})
        speaker = Speaker(edition_id=edition.id, slug=f"speaker-{mark}", name={"en": f"Speaker {mark}"})
        company = Exhibitor(
            edition_id=edition.id, key=mark, slug=f"company-{mark}", name=f"Company {mark}", country="CN"
        )
        category = Category(edition_id=edition.id, slug=f"category-{mark}", name={"en": f"Category {mark}"})
        booth = Booth(edition_id=edition.id, hall_id=hall, code=f"B{mark}")
        session.add_all([track, speaker, company, category, booth])
        session.flush()
        talk = Session(
            edition_id=edition.id,
            slug=f"session-{mark}",
            title={"en": f"Session {mark}"},
            track_id=track.id,
            room_id=room,
            day=OPENING.date(),
            starts_at=OPENING,
            ends_at=OPENING + timedelta(minutes=30),
        )
        session.add(talk)
        session.flush()
        session.add_all(
            [
                SessionSpeaker(session_id=talk.id, speaker_id=speaker.id),
                ExhibitorCategory(exhibitor_id=company.id, category_id=category.id),
                ExhibitorBooth(exhibitor_id=company.id, booth_id=booth.id),
            ]
        )
        if topic:
            session.add_all(
                [
                    ExhibitorTopic(exhibitor_id=company.id, topic=topic, weight=1.0),
                    SessionTopic(session_id=talk.id, topic=topic, weight=1.0),
                ]
            )


SESSION = {
    "id": "session-a",
    "state": "published",
    "title": {"en": "Session a"},
    "subtitle": {},
    "kind": "",
    "language": "",
    "level": "",
    "day": "2027-05-26",
    "starts_at": "2027-05-26T02:00:00Z",
    "ends_at": "2027-05-26T02:30:00Z",
    "room": {"id": "room-a", "name": {"en": "Room a"}},
    "track": {"id": "track-a", "name": {"en": "Track a"}},
    "speakers": [{"id": "speaker-a", "name": {"en": "Speaker a"}}],
}
EXHIBITOR = {
    "id": "company-a",
    "name": "Company a",
    "country": "CN",
    "website": "",
    "description": {},
    "categories": [{"id": "category-a", "name": {"en": "Category a"}}],
    "booths": [{"code": "Ba", "hall": {"en": "Hall a"}}],
}


def test_program_when_listed_then_whole_and_only_of_this_edition(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    _fill(edition, "a")
    _fill(make_edition(now, "expo-2028", 2028), "b")
    api = Api(each_app, make_token(edition, Permission.SCAN))

    lists = {path: api.get(path).get_json() for path in ("/sessions", "/speakers", "/rooms", "/exhibitors")}

    assert lists == {
        "/sessions": {"items": [SESSION], "next": None},
        "/speakers": {
            "items": [{"id": "speaker-a", "name": {"en": "Speaker a"}, "session_count": 1}],
            "next": None,
        },
        "/rooms": {
            "items": [
                {
                    "id": "room-a",
                    "name": {"en": "Room a"},
                    "capacity": 120,
                    "hall": {"code": "Ha", "name": {"en": "Hall a"}},
                }
            ],
            "next": None,
        },
        "/exhibitors": {"items": [EXHIBITOR], "next": None},
    }


def test_program_when_paged_then_each_once(each_app: Flask, edition: EditionFacts) -> None:
    for mark in "abc":
        _fill(edition, mark)
    api = Api(each_app, make_token(edition))

    for path in ("/sessions", "/speakers", "/rooms", "/exhibitors"):
        first = api.get(path, limit=2).get_json()
        second = api.get(path, limit=2, cursor=first["next"]).get_json()
        marks = [[each["id"][-1] for each in page["items"]] for page in (first, second)]
        assert (marks, second["next"]) == ([["a", "b"], ["c"]], None)


def test_program_when_filtered_then_narrowed(each_app: Flask, edition: EditionFacts) -> None:
    for mark in "ab":
        _fill(edition, mark)
    api = Api(each_app, make_token(edition))

    found = [
        [each["id"] for each in api.get(path, **query).get_json()["items"]]
        for path, query in (
            ("/sessions", {"room": "room-b"}),
            ("/sessions", {"track": "track-a", "day": "2027-05-26"}),
            ("/sessions", {"day": "2027-05-27"}),
            ("/sessions", {"hall": "Hb"}),
            ("/sessions", {"hall": "Hb", "track": "track-a"}),
            ("/sessions", {"hall": "Ha", "state": "published"}),
            ("/sessions", {"kind": "talk"}),
            ("/exhibitors", {"category": "category-b"}),
            ("/exhibitors", {"country": "DE"}),
        )
    ]

    sessions = [["session-b"], ["session-a"], [], ["session-b"], [], ["session-a"], []]
    assert found == [*sessions, ["company-b"], []]


def test_recommendations_when_interests_are_chosen_then_what_fits_with_reasons(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    topic = bundled_topics().topics[0].code
    _fill(edition, "a", topic)
    _fill(make_edition(now, "expo-2028", 2028), "b", topic)
    attendee = make_attendee(edition, now)
    choose_interests(SYSTEM, edition.id, attendee.id, [topic], now)

    told = Api(each_app, make_token(edition, Permission.MATCHES_READ)).get(
        f"/attendees/{attendee.code}/recommendations"
    )

    body = told.get_json()
    assert body["interests"] == [topic]
    assert [(each["exhibitor"], each["reasons"]) for each in body["exhibitors"]] == [
        (EXHIBITOR, [{"kind": "shared", "topic": topic, "value": ""}])
    ]
    assert [(each["session"], each["reasons"]) for each in body["sessions"]] == [
        (SESSION, [{"kind": "shared", "topic": topic, "value": ""}])
    ]


def test_recommendations_when_nothing_is_chosen_then_empty_and_of_others_404(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    attendee = make_attendee(edition, now)
    theirs = make_attendee(make_edition(now, "expo-2028", 2028), now)
    api = Api(each_app, make_token(edition))

    own, other = (api.get(f"/attendees/{each.code}/recommendations") for each in (attendee, theirs))

    assert own.get_json() == {"interests": [], "exhibitors": [], "sessions": [], "people": []}
    assert other.status_code == 404
