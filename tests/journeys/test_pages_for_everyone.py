"""Every page, as axe and a narrow screen see it: light and dark, left to right and right to left."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, ViewportSize

from expo.accounts.rules import SYSTEM, Role
from expo.accounts.services import ensure_person, grant_role
from expo.editions.queries import EditionFacts
from expo.exhibitors.rules import read_companies
from expo.flows.exhibitor_import import import_exhibitors
from expo.flows.program_import import import_program, read_schedule_file
from expo.infra.clock import utcnow
from expo.infra.db import db
from expo.infra.jobs import drain
from expo.profiles.services import choose_interests
from expo.program.queries import list_sessions, list_speakers
from expo.program.services import add_to_agenda
from tests.conftest import make_edition
from tests.domains.checkin.doors import make_checkpoint
from tests.journeys.browser import open_browser, serve, sign_in_cookie
from tests.make import MadeAttendee, make_attendee, make_registration

pytestmark = [pytest.mark.browser, pytest.mark.long]

PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1440, "height": 900}
AXE = Path(__file__).parents[1] / "vendor" / "axe-core-4.14.1" / "axe.min.js"
PUBLIC = [
    "/",
    "/register",
    "/program",
    "/program/search?q=data",
    "/program/search?q=nothing-like-this",
    "/speakers",
    "/exhibitors",
    "/exhibitors?q=nothing-like-this",
    "/exhibitors/yunshang",
    "/exhibitors/favourites",
    "/exhibit/apply",
    "/map",
    "/map/search?q=nothing-like-this",
    "/sign-in",
    "/sign-in/sent",
    "/terms",
    "/no-such-page",
    "/api/docs",
]
ATTENDEE = [
    "/me",
    "/me/interests",
    "/me/profile",
    "/me/profile/preview",
    "/me/recommendations",
    "/people",
    "/me/meetings",
    "/account",
    "/account/confirm",
    "/account/password",
]
STAFF = [
    "/organizer/",
    "/organizer/attendees",
    "/organizer/attendees?q=nobody-like-this",
    "/organizer/program/sessions",
    "/organizer/program/timetable",
    "/organizer/program/timetable/checks",
    "/organizer/exhibitors",
    "/organizer/floor-plan",
    "/organizer/meetings",
    "/organizer/topics",
    "/organizer/checkpoints",
    "/organizer/emails",
    "/organizer/settings",
    "/organizer/settings/security",
    "/organizer/styleguide",
    "/door/",
]
SCHEDULE = """<schedule><conference><title>T</title></conference><day index="1" date="2027-05-26">
<room name="Hall 1"><event id="1"><start>09:00</start><duration>01:00</duration><title>Data for everyone</title>
<track>Data</track><language>en</language><abstract>About **data**.</abstract>
<persons><person id="1">王芳</person></persons></event></room>
<room name="Rindfleischetikettierungsüberwachungsraum"><event id="2"><start>09:30</start><duration>02:00</duration>
<title>数据要素市场化配置改革与实践</title><track>市场</track><language>zh</language></event></room></day></schedule>"""
COMPANIES = """name,booth venue,booth number,categories,country,website,description
Yunshang,Hall 1,A1;A2,Big Data;Cloud,China,yunshang.example.com,Data governance for cities
Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft,Hall 2,B1,AI,Germany,,
"""


@pytest.fixture
def world(app: Flask) -> tuple[EditionFacts, MadeAttendee, int]:
    """A small expo with something on every page, and an organizer."""
    now = utcnow()
    edition = make_edition(now)
    attendee = make_attendee(edition, now, name="محمد بن عبد الله", latin_name="Mohammed bin Abdullah", country="SA")
    make_registration(edition, now)
    import_program(SYSTEM, edition.id, read_schedule_file(edition, SCHEDULE.encode()), now)
    import_exhibitors(SYSTEM, edition.id, read_companies(COMPANIES.encode()), now)
    make_checkpoint(edition, now)
    choose_interests(SYSTEM, edition.id, attendee.id, ["data-governance"], now)
    add_to_agenda(SYSTEM, edition.id, attendee.id, list_sessions(edition.id)[0].slug, now)
    organizer = ensure_person("organizer@example.org", "Li Lei", "en", now)
    grant_role(SYSTEM, edition.id, organizer, Role.ORGANIZER, now)
    drain(now)
    return edition, attendee, organizer


def _pages(edition: EditionFacts, attendee: MadeAttendee) -> dict[str, list[str]]:
    session = list_sessions(edition.id)[0]
    speaker = list_speakers(edition.id)[0]
    code = attendee.code
    return {
        "public": [*PUBLIC, f"/sessions/{session.slug}", f"/speakers/{speaker.slug}"],
        "attendee": [*ATTENDEE, f"/me/{code}/change", f"/me/{code}/cancel"],
        "staff": [
            *STAFF,
            f"/organizer/attendees/{code}",
            f"/organizer/program/timetable/sessions/{session.slug}",
        ],
    }


@pytest.fixture
def places(app: Flask, world: tuple[EditionFacts, MadeAttendee, int]) -> Iterator[dict[str, Any]]:
    """A browser, an address, and the pages with the cookie that opens them."""
    edition, attendee, organizer = world
    pages = _pages(edition, attendee)
    person_id = attendee.attendee.person_id
    db.session.rollback()
    with serve(app) as address, open_browser() as browser:
        cookies = {
            "public": None,
            "attendee": sign_in_cookie(app, address, person_id),
            "staff": sign_in_cookie(app, address, organizer),
        }
        yield {"browser": browser, "address": address, "pages": pages, "cookies": cookies}


def _context(places: dict[str, Any], who: str, **options: Any) -> BrowserContext:
    browser: Browser = places["browser"]
    context = browser.new_context(base_url=places["address"], **options)
    if places["cookies"][who]:
        context.add_cookies([places["cookies"][who]])
    return context


def find_faults(page: Page) -> list[str]:
    """Return what axe finds serious on a page."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{each['impact']} {each['id']}: {each['nodes'][0]['html'][:160]}"
        for each in found["violations"]
        if each["impact"] in ("serious", "critical")
    ]


def _open(page: Page, path: str, direction: str) -> list[str]:
    """Open a page on a phone and return what is wrong there: a broken policy, or what runs out of the screen."""
    said: list[str] = []

    def note(message: ConsoleMessage) -> None:
        said.append(message.text)

    page.on("console", note)
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == (404 if "no-such-page" in path else 200), path
    assert page.evaluate("document.documentElement.dir") == direction, path
    is_wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    page.remove_listener("console", note)
    return [each for each in said if "Content Security Policy" in each] + ["wider than the screen"] * is_wide


@pytest.mark.parametrize("who", ["public", "attendee", "staff"])
@pytest.mark.parametrize(("language", "scheme", "direction"), [("zh", "light", "ltr"), ("ar", "dark", "rtl")])
def test_page_when_opened_then_fits_a_phone_breaks_no_policy_and_axe_finds_nothing_serious(
    places: dict[str, Any], who: str, language: str, scheme: str, direction: str
) -> None:
    page = _context(places, who, color_scheme=scheme).new_page()
    faults = {}
    for path in places["pages"][who]:
        page.set_viewport_size(PHONE)
        found = _open(page, f"/{language}{path}", direction)
        page.set_viewport_size(DESK)
        if found := found + find_faults(page):
            faults[path] = found

    assert faults == {}
