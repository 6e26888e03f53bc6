"""Starring sessions in a real browser: the place in the list stays, both stars change, the clash is said."""

from datetime import datetime

import pytest
from flask import Flask
from playwright.sync_api import expect

from expo.accounts.rules import SYSTEM
from expo.editions.queries import EditionFacts
from expo.flows.program_import import import_program, read_schedule_file
from tests.journeys.browser import open_browser, serve, sign_in_cookie
from tests.make import make_attendee

pytestmark = [pytest.mark.browser, pytest.mark.long]


def _import_talks(edition: EditionFacts, now: datetime) -> None:
    events = "".join(
        f'<room name="Hall {n}"><event id="{n}"><start>10:{n:02}</start><duration>00:30</duration>'
        f"<title>Talk {n}</title></event></room>"
        for n in range(1, 31)
    )
    text = (
        "<schedule><conference><title>Expo</title><time_zone_name>Asia/Shanghai</time_zone_name></conference>"
        f'<day index="1" date="2027-05-26">{events}</day></schedule>'
    )
    import_program(SYSTEM, edition.id, read_schedule_file(edition, text.encode()), now)


@pytest.mark.parametrize("width", [390, 1440])
def test_star_when_pressed_then_the_page_stays_where_it_is(
    width: int, app: Flask, edition: EditionFacts, now: datetime
) -> None:
    _import_talks(edition, now)
    ann = make_attendee(edition, now, name="Ann", email="ann@example.org")
    with serve(app) as address, open_browser() as browser:
        context = browser.new_context(viewport={"width": width, "height": 700})
        context.add_cookies([sign_in_cookie(app, address, ann.attendee.person_id)])
        page = context.new_page()
        page.goto(f"{address}/en/program/2027-05-26")
        for title in ("Talk 20", "Talk 21"):
            page.locator(f'button[aria-label="My schedule: {title}"]:visible').click()
            expect(page.locator(f'button[aria-label="My schedule: {title}"]:visible')).to_have_attribute(
                "aria-pressed", "true"
            )
        expect(page.locator("[data-flash]")).to_contain_text("It overlaps with: Talk 20")
        expect(page).to_have_url(f"{address}/en/program/2027-05-26")
        expect(page.locator('button[value="talk-20"][aria-pressed=true]')).to_have_count(2)
        expect(page.locator('button[value="talk-20"]')).to_have_count(2)

        page.reload()
        page.locator('button[value="talk-20"]:visible').click()
        expect(page.locator('button[value="talk-20"]:visible')).to_have_attribute("aria-pressed", "false")
        context.close()
