"""The public programme: what is on, found however it is typed, described to other programs, never another expo's."""

import json
import re
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar
from lxml import html

from expo.accounts.rules import SYSTEM
from expo.editions.queries import EditionFacts, list_editions
from expo.flows.program_import import import_program, read_schedule_file
from expo.infra.db import atomic, db
from expo.program.models import Session
from expo.program.queries import SessionFilter, list_sessions, list_speakers
from expo.program.rules import SessionState
from expo.program.services import place_session, publish_timetable
from tests.conftest import make_edition
from tests.documents.papers import need_poppler, words
from tests.make import make_session as make_published_session
from tests.timetables import make_room, make_session, slot_at
from tests.web.query_counts import count_queries

FEEDS = {
    "schedule.xml": "application/xml",
    "schedule.json": "application/json",
    "schedule.ics": "text/calendar",
    "schedule.pdf": "application/pdf",
    "sessionize/all.json": "application/json",
    "sessionize/grid-smart.json": "application/json",
    "pretalx/talks.json": "application/json",
}


def schedule(*talks: tuple[str, str, str, str, str]) -> bytes:
    """Return frab XML of talks on the first day: id, start, room, title, speaker."""
    events = "".join(
        f'<room name="{room}"><event id="{number}"><start>{start}</start><duration>00:30</duration><room>{room}</room>'
        f"<title>{title}</title><track>Cloud</track><language>en</language>"
        f'<persons><person id="{number}0">{speaker}</person></persons></event></room>'
        for number, start, room, title, speaker in talks
    )
    return (
        "<schedule><conference><title>Expo</title><acronym>x</acronym><start>2027-05-26</start><end>2027-05-27</end>"
        "<days>1</days><time_zone_name>Asia/Shanghai</time_zone_name></conference>"
        f'<day index="1" date="2027-05-26">{events}</day></schedule>'
    ).encode()


OWN = (
    ("1", "10:00", "Hall A", "Cloud computing &lt;b&gt;in&lt;/b&gt; practice", "张伟"),
    ("2", "11:00", "Hall B", "Intelligence artificielle à Genève", "Zoë Müller"),
)
FOREIGN = (("9", "10:00", "Foreign hall", "Foreign talk", "Foreign Person"),)


def run_import(edition: EditionFacts, now: datetime, *talks: tuple[str, str, str, str, str]) -> None:
    import_program(SYSTEM, edition.id, read_schedule_file(edition, schedule(*talks)), now)


@pytest.fixture
def program(edition: EditionFacts, now: datetime) -> EditionFacts:
    """Two talks here, and one in another expo."""
    run_import(edition, now, *OWN)
    run_import(make_edition(now, "expo-2028", 2028), now, *FOREIGN)
    return edition


@pytest.mark.each_case_on_postgresql
@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/en/program", [True, True]),
        ("/en/program/2027-05-26", [True, True]),
        ("/en/program/2027-05-26?room=hall-a", [True, False]),
        ("/en/program/rooms/hall-b", [False, True]),
        ("/en/program/tracks/cloud", [True, True]),
        ("/en/program/search?q=geneve", [False, True]),
        ("/en/program/search?q=zhang+wei", [True, False]),
        ("/en/program/search?q=CLOUD+comp", [True, False]),
        ("/zh/program/2027-05-26", [True, True]),
    ],
)
def test_page_when_asked_for_then_shows_its_talks_and_no_others(
    path: str, shown: list[bool], program: EditionFacts, client: FlaskClient
) -> None:
    page = client.get(path)
    assert page.status_code == 200
    assert [title in page.text for title in ("Cloud computing", "Intelligence artificielle")] == shown
    assert "Foreign" not in page.text
    assert "<b>in</b>" not in page.text


def test_search_when_nothing_fits_then_says_so_and_shows_what_was_typed_harmless(
    program: EditionFacts, client: FlaskClient
) -> None:
    page = client.get('/en/program/search?q="><script>alert(1)</script>')
    assert (page.status_code, "<script>alert" in page.text, "&lt;script&gt;alert" in page.text) == (200, False, True)
    assert "Cloud computing" not in page.text


def test_search_when_it_would_find_another_expos_then_nothing(program: EditionFacts, client: FlaskClient) -> None:
    page = client.get("/en/program/search?q=person")
    assert (page.status_code, "Foreign" in page.text) == (200, False)


@pytest.mark.parametrize(
    "path",
    [
        "/program/2027-05-30",
        "/program/not-a-day",
        "/program/rooms/nowhere",
        "/program/tracks/nothing",
        "/sessions/nothing",
        "/speakers/nobody",
    ],
)
def test_page_when_there_is_none_then_missing(path: str, program: EditionFacts, client: FlaskClient) -> None:
    assert client.get(f"/en{path}").status_code == 404


def test_page_when_it_is_of_another_expo_then_missing(program: EditionFacts, client: FlaskClient) -> None:
    other = next(each for each in list_editions() if each.id != program.id)
    [talk] = list_sessions(other.id, SessionFilter())
    [person] = list_speakers(other.id)
    assert talk.room is not None
    paths = [f"/sessions/{talk.slug}", f"/sessions/{talk.slug}.ics", f"/speakers/{person.slug}"]
    paths += [f"/program/rooms/{talk.room.slug}", "/program/2028-05-26"]
    answers = {path: client.get(f"/en{path}") for path in paths}
    assert {path: (answer.status_code, "Foreign" in answer.text) for path, answer in answers.items()} == dict.fromkeys(
        paths, (404, False)
    )


def test_calendars_when_of_a_room_or_speaker_then_only_their_sessions(
    program: EditionFacts, client: FlaskClient
) -> None:
    [talk] = list_sessions(program.id, SessionFilter(q="geneve"))
    assert talk.room is not None
    paths = (f"/program/rooms/{talk.room.slug}.ics", f"/speakers/{talk.speakers[0].slug}.ics",
        f"/sessions/{talk.slug}.ics")  # fmt: skip

    answers = [client.get(path) for path in paths]

    for answer in answers:
        [event] = Calendar.from_ical(answer.data).walk("VEVENT")
        assert (str(event["summary"]), event["status"]) == (talk.title["en"], "CONFIRMED")
        assert answer.mimetype == "text/calendar"


def test_calendar_when_a_session_is_cancelled_then_crossed_out_and_a_draft_is_never_in_it(
    program: EditionFacts, client: FlaskClient
) -> None:
    first, second = list_sessions(program.id)
    with atomic():
        db.session.get_one(Session, first.id).state = SessionState.CANCELLED.value
        db.session.get_one(Session, second.id).state = SessionState.DRAFT.value

    paths = ["/program/schedule.ics", f"/program/rooms/{first.room.slug}.ics"]  # type: ignore[union-attr]
    calendars = [Calendar.from_ical(client.get(path).data).walk("VEVENT") for path in paths]
    feeds = client.get("/program/schedule.xml").text + client.get("/program/schedule.json").text

    assert [[(event["status"], str(event["summary"])) for event in events] for events in calendars] == [
        [("CANCELLED", first.title["en"])],
        [("CANCELLED", first.title["en"])],
    ]
    assert (first.title["en"] in feeds, second.title["en"] in feeds) == (False, False)
    assert client.get(f"/sessions/{second.slug}.ics").status_code == 404


def test_pages_when_read_by_search_engines_then_hold_data_that_cannot_end_the_script(
    program: EditionFacts, client: FlaskClient
) -> None:
    [talk] = list_sessions(program.id, SessionFilter(q="geneve"))
    with atomic():
        stored = db.session.get_one(Session, talk.id)
        stored.title, stored.language = {"en": "</script><script>alert(1)</script>"}, "fr"

    pages = [client.get(f"/en/sessions/{talk.slug}"), client.get(f"/en/speakers/{talk.speakers[0].slug}")]
    event, person = (
        json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', page.text, re.DOTALL)[0])
        for page in pages
    )

    assert (event["@type"], event["inLanguage"], event["name"], event["startDate"]) == (
        "Event",
        "fr",
        "</script><script>alert(1)</script>",
        "2027-05-26T11:00:00+08:00",
    )
    assert event["location"]["name"].startswith("Hall B")
    assert [each["name"] for each in event["performer"]] == ["Zoë Müller"]
    assert (person["@type"], person["name"], person["performerIn"][0]["url"]) == ("Person", "Zoë Müller", event["url"])
    assert "<script>alert" not in pages[0].text + pages[1].text


def test_session_when_shown_then_says_when_where_and_who(program: EditionFacts, client: FlaskClient) -> None:
    rooms = json.loads(client.get("/program/schedule.json").data)["schedule"]["conference"]["days"][0]["rooms"]
    [talk] = list_sessions(program.id, SessionFilter(q="geneve"))
    listing = client.get("/en/program/2027-05-26").text
    page = client.get(f"/en/sessions/{talk.slug}").text

    assert f'"/en/sessions/{quote(talk.slug)}"' in listing
    assert [text in page for text in ("Zoë Müller", "Hall B", "11:00")] == [True, True, True]
    assert sorted(rooms) == ["Hall A", "Hall B"]


@pytest.mark.parametrize(("language", "separator"), [("en", ", "), ("zh", "、")])
def test_speakers_when_a_session_has_several_then_listed_as_the_language_does(
    language: str, separator: str, edition: EditionFacts, client: FlaskClient, now: datetime
) -> None:
    one = '<person id="10">张伟</person>'
    file = schedule(("1", "10:00", "Hall A", "Panel", "张伟")).replace(
        one.encode(), f'{one}<person id="11">Zoë Müller</person>'.encode()
    )
    import_program(SYSTEM, edition.id, read_schedule_file(edition, file), now)
    page = client.get(f"/{language}/program/rooms/hall-a").text
    assert f"<bdi>张伟</bdi>{separator}<bdi>Zoë Müller</bdi>" in page


def test_speakers_when_listed_or_searched_then_this_expos_alone(program: EditionFacts, client: FlaskClient) -> None:
    everyone, some = client.get("/en/speakers").text, client.get("/en/speakers?q=muller").text
    assert [[name in page for name in ("张伟", "Zoë Müller", "Foreign")] for page in (everyone, some)] == [
        [True, True, False],
        [False, True, False],
    ]
    assert client.get("/en/speakers?q=foreign").text.count("Foreign Person") == 0


@pytest.mark.parametrize("name", FEEDS)
def test_feed_when_asked_for_again_then_not_sent_twice_until_it_changes(
    name: str, program: EditionFacts, client: FlaskClient, now: datetime
) -> None:
    first = client.get(f"/program/{name}")
    again = client.get(f"/program/{name}", headers={"If-None-Match": first.headers["ETag"]})
    run_import(program, now, *OWN, ("3", "14:00", "Hall A", "One more", "Ada"))
    changed = client.get(f"/program/{name}", headers={"If-None-Match": first.headers["ETag"]})

    assert (first.status_code, first.mimetype) == (200, FEEDS[name])
    assert {"ETag", "Last-Modified", "Cache-Control"} <= set(first.headers.keys())
    assert (again.status_code, again.data) == (304, b"")
    assert (changed.status_code, changed.headers["ETag"] != first.headers["ETag"]) == (200, True)
    if name != "schedule.pdf":
        assert (b"Foreign" in first.data, b"One more" in first.data, b"One more" in changed.data) == (
            False,
            False,
            True,
        )


def test_program_when_there_is_none_then_an_empty_state(edition: EditionFacts, client: FlaskClient) -> None:
    for path in ("/en/program", "/en/speakers"):
        page = client.get(path)
        assert (page.status_code, 'class="empty' in page.text) == (200, True), path


@pytest.mark.parametrize("path", ["/en/program/2027-05-26", "/en/speakers", "/en/program/search?q=talk"])
def test_list_when_longer_then_no_more_queries(
    path: str, edition: EditionFacts, client: FlaskClient, now: datetime
) -> None:
    talks = [(str(n), f"1{n}:00", f"Hall {n}", f"Talk {n}", f"Speaker talk {n}") for n in range(1, 4)]
    run_import(edition, now, talks[0])
    few = count_queries(client, path)
    run_import(edition, now, *talks)
    assert count_queries(client, path) == few


@pytest.mark.each_case_on_postgresql
@pytest.mark.parametrize(("typed", "shown"), [("clod+computing", "cloud computing"), ("inteligence", "intelligence")])
def test_search_when_misspelt_then_what_was_meant_is_found_and_said(
    typed: str, shown: str, program: EditionFacts, client: FlaskClient
) -> None:
    page = client.get(f"/en/program/search?q={typed}").text
    assert (f"Showing results for “{shown}”" in page, "session-title" in page) == (True, True)


@pytest.mark.parametrize(
    ("typed", "shown", "name"), [("zoe+muler", "zoe muller", "Zoë Müller"), ("zhagnwei", "zhangwei", "张伟")]
)
def test_speakers_when_a_name_is_misspelt_then_who_was_meant_is_found_and_said(
    typed: str, shown: str, name: str, program: EditionFacts, client: FlaskClient
) -> None:
    page, nobody = (client.get(f"/en/speakers?q={each}").text for each in (typed, "cloud"))
    assert (f"Showing results for “{shown}”" in page, f"<bdi>{name}</bdi>" in page) == (True, True)
    assert ("No speakers found" in nobody, "Showing results" in nobody) == (True, False)


def test_search_when_nothing_is_like_it_then_nothing(program: EditionFacts, client: FlaskClient) -> None:
    page = client.get("/en/program/search?q=xylophone").text
    assert ("No results" in page, "Showing results" in page) == (True, False)


def test_printed_schedule_when_in_chinese_then_names_the_language_and_what_is_cancelled(
    program: EditionFacts, client: FlaskClient, tmp_path: Path
) -> None:
    need_poppler()
    [talk] = list_sessions(program.id, SessionFilter(q="geneve"))
    with atomic():
        db.session.get_one(Session, talk.id).state = SessionState.CANCELLED.value

    printed = words(client.get("/zh/program/schedule.pdf").data, tmp_path)

    assert "英语" in printed
    assert ("已取消：Intelligence" in printed, "已取消：Cloud" in printed) == (True, False)
    assert "· en" not in printed


def test_session_when_moved_then_marked_as_moved_and_its_page_says_from_where(
    client: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    halls = [make_room(edition, name) for name in ("Hall 1", "Hall 2")]
    make_session(edition, "lakes")
    make_session(edition, "rivers")
    place_session(SYSTEM, edition.id, "lakes", slot_at(halls[0]), None, now)
    place_session(SYSTEM, edition.id, "rivers", slot_at(halls[1]), None, now)
    publish_timetable(SYSTEM, edition.id, "", now)
    place_session(SYSTEM, edition.id, "lakes", slot_at(halls[1], 60), slot_at(halls[0]), now)
    place_session(SYSTEM, edition.id, "rivers", slot_at(halls[1], lasts=45), slot_at(halls[1]), now)
    publish_timetable(SYSTEM, edition.id, "", now)

    moved, longer = (client.get(f"/en/sessions/{slug}").text for slug in ("lakes", "rivers"))
    day = html.fromstring(client.get("/en/program/2027-05-26?view=list").text)

    assert re.search(r"Before: [^<]*2027[^<]*9:00[^<]*, Hall 1", moved)
    assert ("Before:" in longer, "Moved" in longer) == (False, False)
    cards = day.xpath("//article[contains(., 'Moved')]//h3/a/@href")
    assert cards == ["/en/sessions/lakes"]


@pytest.mark.usefixtures("pages_of_two")
def test_search_when_more_sessions_than_a_page_then_is_cut_and_the_last_page_answers_for_those_beyond(
    client: FlaskClient, edition: EditionFacts
) -> None:
    for name in ("Ahn", "Berg", "Cruz"):
        make_published_session(edition, f"Lakes {name}")

    first, last, beyond = (client.get(f"/en/program/search?q=lakes{more}").text for more in ("", "&page=2", "&page=9"))

    found = [sum(f"Lakes {name}" in each for name in ("Ahn", "Berg", "Cruz")) for each in (first, last, beyond)]
    assert (found, "3 sessions" in first, "Page 2 of 2" in beyond) == ([2, 1, 1], True, True)
