"""The square of a speaker's photo: previewed as it is chosen by mouse and by keyboard, and stored as it was seen."""

import io
from datetime import datetime

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from expo.editions.queries import EditionFacts
from expo.infra.db import db
from expo.infra.files import get_file
from expo.proposals.queries import find_profile
from tests.domains.proposals.makers import make_speaker
from tests.journeys.browser import open_browser, serve, sign_in_cookie

pytestmark = [pytest.mark.browser, pytest.mark.long]

PHOTO = "[data-photo-crop] img"


def _stripes() -> FilePayload:
    """Return a photo, twice as wide as high, whose halves are red and blue."""
    picture = Image.new("RGB", (800, 400), "red")
    picture.paste("blue", (400, 0, 800, 400))
    out = io.BytesIO()
    picture.save(out, "PNG")
    return {"name": "me.png", "mimeType": "image/png", "buffer": out.getvalue()}


def _wait_for_left(page: Page, share: float) -> None:
    """Wait until the preview begins at this share of the picture, which is as wide as two previews."""
    page.wait_for_function(
        """([picture, share]) => {
          const [outer, inner] = [picture.parentElement, picture].map((each) => each.getBoundingClientRect());
          return Math.abs((outer.left - inner.left) / inner.width - share) < 0.01 && inner.height >= outer.height - 1;
        }""",
        arg=[page.locator(PHOTO).element_handle(), share],
    )


def test_photo_when_its_square_is_chosen_then_previewed_and_stored_as_seen(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    speaker = make_speaker(now)
    with serve(app) as address, open_browser() as browser:
        context = browser.new_context(viewport={"width": 390, "height": 844}, base_url=address)
        context.add_cookies([sign_in_cookie(app, address, speaker.id or 0)])
        page = context.new_page()
        page.goto("/en/speaker/profile")
        crop = page.locator("[data-photo-crop]")
        expect(crop).to_be_hidden()
        page.get_by_label("File").set_input_files(_stripes())
        expect(crop).to_be_visible()
        _wait_for_left(page, 0.25)

        across = page.get_by_label("Centre of the square, from left to right")
        across.press("End")
        expect(across).to_have_value("100")
        _wait_for_left(page, 0.5)

        crop.scroll_into_view_if_needed()
        box = crop.bounding_box()
        assert box is not None
        middle = box["y"] + box["height"] / 2
        page.mouse.move(box["x"] + 30, middle)
        page.mouse.down()
        page.mouse.move(box["x"] + 40 + box["width"], middle, steps=3)
        page.mouse.up()
        expect(across).to_have_value("0")
        _wait_for_left(page, 0)

        across.press("End")
        page.get_by_label("Zoom, in per cent").press("End")
        _wait_for_left(page, 0.875)
        page.wait_for_function("() => document.documentElement.scrollWidth <= 390")
        page.get_by_role("button", name="Upload photo").click()
        expect(page.locator("[data-flashes]")).to_contain_text("Your photo has been saved.")
        expect(page.get_by_alt_text("Your photo")).to_be_visible()
        context.close()
    db.session.rollback()
    profile = find_profile(speaker.id or 0)
    assert profile is not None
    assert profile.photo_id is not None
    with Image.open(get_file(profile.photo_id).path) as stored:
        assert stored.size == (100, 100)
        red, _green, blue = stored.convert("RGB").resize((1, 1)).getpixel((0, 0))  # type: ignore[misc]
    assert (red < 10, blue > 240) == (True, True)


def test_photo_when_the_file_is_no_picture_then_there_is_no_preview(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    speaker = make_speaker(now)
    with serve(app) as address, open_browser() as browser:
        context = browser.new_context(base_url=address)
        context.add_cookies([sign_in_cookie(app, address, speaker.id or 0)])
        page = context.new_page()
        page.goto("/en/speaker/profile")
        page.get_by_label("File").set_input_files(_stripes())
        expect(page.locator("[data-photo-crop]")).to_be_visible()
        page.get_by_label("File").set_input_files({"name": "me.png", "mimeType": "image/png", "buffer": b"nothing"})
        expect(page.locator("[data-photo-crop]")).to_be_hidden()
        context.close()
