"""A room's screen shows now and next, follows changes, and continues without a network, even when it is reloaded."""

from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import update

from expo.editions.queries import EditionFacts
from expo.editions.services import increment_content_version
from expo.infra.clock import utcnow
from expo.infra.db import atomic, db
from expo.program.models import Session
from tests.journeys.browser import open_browser, serve
from tests.make import make_room, make_session

pytestmark = [pytest.mark.browser, pytest.mark.long]


def test_room_screen_when_offline_then_keeps_showing_now_and_next(app: Flask, edition: EditionFacts) -> None:
    room_id = make_room(edition, utcnow(), "Great hall", "Hall A")
    make_session(edition, "Running", starts_at=utcnow() - timedelta(minutes=10), minutes=600, room_id=room_id)
    make_session(edition, "Coming", starts_at=utcnow() + timedelta(hours=3), room_id=room_id)
    with serve(app) as address, open_browser() as browser:
        context = browser.new_context(viewport={"width": 1920, "height": 1080})
        page = context.new_page()
        page.goto(f"{address}/en/screens/great-hall")
        expect(page.locator("h1")).to_have_text("Great hall")
        expect(page.locator(".screen-block.is-main .screen-title")).to_contain_text("Running")
        expect(page.locator(".screen-block").nth(1)).to_contain_text("Coming")
        assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        page.reload()
        page.wait_for_function("() => navigator.serviceWorker.controller !== null")
        page.reload()
        page.wait_for_function("() => caches.match(location.href).then(Boolean)")

        with atomic():
            db.session.execute(update(Session).where(Session.slug == "coming").values(state="cancelled"))
            increment_content_version(edition.id, utcnow())
        page.reload()
        expect(page.locator(".screen-note-cancelled")).to_be_visible()

        context.set_offline(True)
        page.evaluate("dispatchEvent(new Event('offline'))")
        expect(page.locator("[data-offline]")).to_be_visible()
        expect(page.locator(".screen-block.is-main .screen-title")).to_contain_text("Running")
        page.reload()
        expect(page.locator("[data-offline]")).to_be_visible()
        expect(page.locator(".screen-block.is-main .screen-title")).to_contain_text("Running")
        expect(page.locator(".screen-note-cancelled")).to_be_visible()
        context.set_offline(False)
        page.evaluate("dispatchEvent(new Event('online'))")
        expect(page.locator("[data-offline]")).to_be_hidden()
        context.close()


def test_room_screen_when_an_hour_without_a_network_then_the_next_session_is_on_and_later_it_catches_up(
    app: Flask, edition: EditionFacts
) -> None:
    room_id = make_room(edition, utcnow(), "Great hall")
    other_id = make_room(edition, utcnow(), "Small hall")
    at = utcnow().replace(second=0, microsecond=0)
    make_session(edition, "Opening", starts_at=at - timedelta(minutes=30), minutes=60, room_id=room_id)
    make_session(edition, "Panel", starts_at=at + timedelta(minutes=45), minutes=120, room_id=room_id)
    with serve(app) as address, open_browser() as browser:
        context = browser.new_context(viewport={"width": 1920, "height": 1080}, service_workers="block")
        page = context.new_page()
        page.clock.install(time=at)
        page.clock.pause_at(at + timedelta(minutes=1))
        page.goto(f"{address}/en/screens/great-hall")
        now = page.locator(".screen-block.is-main")
        expect(now).to_contain_text("Opening")
        # What is fetched first is stored before the timers are started.
        while not page.evaluate("localStorage.length"):
            page.wait_for_timeout(50)
        expect(page.locator("html")).to_have_attribute("lang", "en")

        page.clock.run_for(10_000)
        expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
        expect(now).to_contain_text("Opening（中文）")

        context.set_offline(True)
        page.clock.fast_forward("01:00:00")
        expect(page.locator("[data-offline]")).to_be_visible()
        expect(now).to_contain_text("Panel")
        local = (at + timedelta(minutes=61)).astimezone(edition.zone)
        expect(page.locator("[data-clock]")).to_have_text(f"{local:%H:%M}")

        with atomic():
            moved = {"starts_at": (at + timedelta(minutes=45)).isoformat(), "room_id": room_id}
            query = update(Session).where(Session.slug == "panel")
            db.session.execute(query.values(room_id=other_id, moved_from=moved))
            increment_content_version(edition.id, utcnow())
        context.set_offline(False)
        page.clock.run_for(31_000)
        expect(page.locator("[data-offline]")).to_be_hidden()
        expect(page.locator(".is-departed")).to_contain_text("Small hall")
        expect(page.locator(".is-departed s")).to_contain_text("Panel")
        context.close()
