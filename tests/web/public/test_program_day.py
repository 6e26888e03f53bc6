"""One day of the programme: its filters, the stars of the attendee who looks, and what a star does."""

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import update

from expo.accounts.rules import SYSTEM
from expo.editions.models import Room
from expo.editions.queries import EditionFacts
from expo.editions.rules import HallRequest
from expo.editions.services import create_hall, increment_content_version
from expo.flows.program_import import import_program, read_schedule_file
from expo.infra.db import atomic, db
from expo.program.queries import list_agenda, list_sessions
from expo.web.public import day_hours, program_day
from tests.make import MadeAttendee, make_attendee
from tests.sessions import browser_of

TALKS = (
    ("1", "10:00", "01:00", "Hall A", "Opening", "en", "keynote", "All levels"),
    ("2", "10:30", "01:00", "Hall B", "Rival", "zh", "talk", "Expert"),
    ("3", "14:05", "00:05", "Hall A", "Later", "en", "talk", "入门"),
)
DAY = "/en/program/2027-05-26"


@pytest.fixture
def slugs(edition: EditionFacts, now: datetime) -> dict[str, str]:
    """The addresses of three talks by title; the first two run at the same time."""
    events = "".join(
        f'<room name="{room}"><event id="{number}"><start>{start}</start><duration>{lasts}</duration>'
        f"<title>{title}</title><type>{kind}</type><language>{language}</language><level>{level}</level></event></room>"
        for number, start, lasts, room, title, language, kind, level in TALKS
    )
    text = (
        "<schedule><conference><title>Expo</title><time_zone_name>Asia/Shanghai</time_zone_name></conference>"
        f'<day index="1" date="2027-05-26">{events}</day></schedule>'
    )
    import_program(SYSTEM, edition.id, read_schedule_file(edition, text.encode()), now)
    return {row.title["en"]: row.slug for row in list_sessions(edition.id)}


@pytest.fixture
def ann(edition: EditionFacts, now: datetime) -> MadeAttendee:
    return make_attendee(edition, now, name="Ann", email="ann@example.org")


@pytest.fixture
def browser(app: Flask, ann: MadeAttendee) -> FlaskClient:
    return browser_of(app, ann.attendee.person_id)


def titles(browser: FlaskClient, path: str) -> list[str]:
    """Return the titles in the list of a page, in order."""
    page = html.fromstring(browser.get(path).text)
    return ["".join(map(str, each.itertext())) for each in page.findall(".//h3[@class='session-title']/a")]


def pressed(browser: FlaskClient, path: str) -> set[str]:
    page = html.fromstring(browser.get(path).text)
    return {each.get("value") or "" for each in page.findall(".//button[@class='star'][@aria-pressed='true']")}


def star(browser: FlaskClient, **form: str) -> str:
    return browser.post("/en/me/stars", data={"next": DAY, **form}, follow_redirects=True).text


@pytest.mark.each_case_on_postgresql
@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", ["Opening", "Rival", "Later"]),
        ("?language=zh", ["Rival"]),
        ("?kind=keynote", ["Opening"]),
        ("?kind=talk&language=en", ["Later"]),
        ("?level=advanced", ["Rival"]),
        ("?level=beginner&language=en", ["Later"]),
        ("?room=hall-a&view=list", ["Opening", "Later"]),
        ("?show=mine", []),
        ("?show=something", ["Opening", "Rival", "Later"]),
    ],
)
def test_day_when_filtered_then_only_what_fits(
    query: str, shown: list[str], slugs: dict[str, str], client: FlaskClient
) -> None:
    assert titles(client, DAY + query) == shown


def test_day_when_filtered_by_hall_then_its_rooms_also_with_other_filters(
    slugs: dict[str, str], edition: EditionFacts, client: FlaskClient, now: datetime
) -> None:
    for name, room in (("North", "hall-a"), ("South", "hall-b")):
        hall_id = create_hall(SYSTEM, edition.id, HallRequest({"en": name}), now)
        with atomic():
            db.session.execute(update(Room).where(Room.slug == room).values(hall_id=hall_id))
            increment_content_version(edition.id, now)
    page = html.fromstring(client.get(f"{DAY}?hall=north&kind=talk").text)

    assert titles(client, f"{DAY}?hall=north") == ["Opening", "Later"]
    assert titles(client, f"{DAY}?hall=north&kind=talk") == ["Later"]
    assert page.xpath("//select[@name='hall']/option/text()") == ["All", "North", "South"]
    links = [each.get("href", "") for each in page.iter("a")]
    assert any(link.startswith(f"{DAY}?hall=north&kind=talk&view=list") for link in links)


def test_day_when_it_is_large_then_an_hour_at_a_time_with_all_filters_and_the_whole_day_for_printing(
    slugs: dict[str, str], client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (program_day, day_hours):
        monkeypatch.setattr(module, "LARGE_DAY", 1)
    query = "?language=en&view=list"

    first, later = html.fromstring(client.get(DAY + query).text), f"{DAY}{query}&at=14"
    links = {each.get("id"): each.get("href") for each in first.findall(".//a[@class='hour-block']")}
    filters = html.fromstring(client.get(later).text).findall(".//input[@type='hidden']")
    (whole,) = {each.get("href") for each in first.findall(".//a") if "whole day" in (each.text or "")}
    page = html.fromstring(client.get(whole or "").text)

    assert (titles(client, DAY + query), titles(client, later)) == (["Opening"], ["Later"])
    assert links == {"h-14": f"{DAY}?language=en&view=list&at=14#h-14"}
    assert {each.get("name"): each.get("value") for each in filters}.items() >= {"view": "list", "at": "14"}.items()
    assert whole == f"{DAY}?language=en&view=whole"
    assert ["".join(map(str, each.itertext())) for each in page.findall(".//ul[@class='change-list']//a")] == [
        "Opening",
        "Later",
    ]
    assert [each.get("id") for each in page.findall(".//h2[@id]")] == ["h-10", "h-14"]


def test_day_when_sessions_are_starred_then_mine_and_when_i_am_free(
    slugs: dict[str, str], browser: FlaskClient
) -> None:
    star(browser, add=slugs["Opening"])

    assert pressed(browser, DAY) == {slugs["Opening"]}
    assert titles(browser, f"{DAY}?show=mine") == ["Opening"]
    assert titles(browser, f"{DAY}?show=free") == ["Later"]


def test_star_when_another_looks_then_not_theirs(
    app: Flask, edition: EditionFacts, now: datetime, slugs: dict[str, str], browser: FlaskClient
) -> None:
    bob = browser_of(app, make_attendee(edition, now, name="Bob", email="bob@example.org").attendee.person_id)
    star(browser, add=slugs["Opening"])
    assert (pressed(browser, DAY), pressed(bob, DAY), pressed(app.test_client(), DAY)) == (
        {slugs["Opening"]},
        set(),
        set(),
    )


def test_star_when_pressed_twice_then_once_and_released_then_gone(
    edition: EditionFacts, ann: MadeAttendee, slugs: dict[str, str], browser: FlaskClient
) -> None:
    for _time in range(2):
        star(browser, add=slugs["Later"])
    assert [row.slug for row in list_agenda(ann.attendee.id, edition.id)] == [slugs["Later"]]

    for _time in range(2):
        assert "Removed from your schedule." in star(browser, remove=slugs["Later"])
    assert list_agenda(ann.attendee.id, edition.id) == []


def test_star_when_it_clashes_then_named_at_once(slugs: dict[str, str], browser: FlaskClient) -> None:
    assert "Added to your schedule." in star(browser, add=slugs["Opening"])
    assert "It overlaps with: Opening (10:00" in star(browser, add=slugs["Rival"])


def test_star_when_sent_by_the_page_then_only_the_stars_and_the_message(
    slugs: dict[str, str], browser: FlaskClient
) -> None:
    answer = browser.post("/en/me/stars", data={"add": slugs["Later"]}, headers={"HX-Request": "true"})
    assert (answer.status_code, "<html" in answer.text, answer.text.count("<hx-partial")) == (200, False, 2)
    assert 'aria-pressed="true"' in answer.text
    assert "Added to your schedule." in answer.text


@pytest.mark.parametrize("form", [{}, {"add": "nothing-like-this"}, {"remove": "nothing-like-this"}])
def test_star_when_there_is_no_such_session_then_missing(
    form: dict[str, str], slugs: dict[str, str], browser: FlaskClient
) -> None:
    assert browser.post("/en/me/stars", data=form).status_code == 404


def test_star_when_nobody_is_signed_in_then_the_way_to_the_sign_in_page(
    slugs: dict[str, str], client: FlaskClient
) -> None:
    form = html.fromstring(client.get(f"{DAY}?kind=talk").text).find(".//form[@id='stars']")
    assert isinstance(form, html.FormElement)
    assert (form.get("action"), form.method, form.fields["next"]) == ("/en/sign-in", "GET", f"{DAY}?kind=talk")
    assert client.post("/en/me/stars", data={"add": slugs["Later"]}).status_code in (302, 400)


def test_level_when_known_then_filtered_by_in_order_and_named_on_the_session(
    slugs: dict[str, str], client: FlaskClient
) -> None:
    day = html.fromstring(client.get(f"/zh{DAY.removeprefix('/en')}").text)
    options = [(each.get("value"), each.text) for each in day.findall(".//select[@id='level']/option")]
    session = html.fromstring(client.get(f"/en/sessions/{slugs['Rival']}").text)
    facts = [each.text for each in session.findall(".//dl[@class='facts']/*")]

    assert options == [("", "全部"), ("all", "不限水平"), ("beginner", "入门"), ("advanced", "高级")]
    assert facts[facts.index("Level") + 1] == "Advanced"


def test_session_when_looked_at_then_when_and_where_come_before_the_text(
    slugs: dict[str, str], client: FlaskClient
) -> None:
    # The head describes the session to search engines.
    page = client.get(f"/en/sessions/{slugs['Opening']}").text.partition("<body")[2]
    assert page.index("When") < page.index("Hall A") < page.index("Add to my schedule") < page.index("session-text")
    assert "English" in page
