"""A speaker's profile: texts, photo, deletion and export of one's own data."""

import io
import json
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from PIL import Image

from expo.accounts.rules import Actor
from expo.editions.queries import EditionFacts
from expo.infra.files import get_file
from expo.proposals.queries import find_profile

Signed = tuple[Actor, FlaskClient]


def _picture(kind: str = "JPEG", size: tuple[int, int] = (1200, 900), **options: object) -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **options)
    out.seek(0)
    return out


def test_profile_when_saved_then_is_shown_and_kept(
    edition: EditionFacts, sign_in_speaker: Callable[..., Signed]
) -> None:
    speaker, browser = sign_in_speaker()

    answer = browser.post(
        "/speaker/profile",
        data={
            "name": "王芳",
            "biography-zh": "数据科学家",
            "links": "example.org\nhttps://example.com/x",
            "absent_from": ["2027-05-26", ""],
            "absent_to": ["", ""],
            "travel_needs": "Visa",
            "country": "CN",
        },
    )
    profile = find_profile(speaker.id or 0)

    assert (answer.status_code, profile is not None) == (302, True)
    assert profile is not None
    assert profile.values.links == (("https://example.org", ""), ("https://example.com/x", ""))
    assert [(each.first.isoformat(), each.last.isoformat()) for each in profile.values.absences] == [
        ("2027-05-26", "2027-05-26")
    ]
    assert "数据科学家" in browser.get("/speaker/profile").text


def test_profile_when_a_link_is_no_address_then_says_so(
    edition: EditionFacts, sign_in_speaker: Callable[..., Signed]
) -> None:
    _speaker, browser = sign_in_speaker()

    away = {"absent_from": "2027-05-26", "absent_to": "2027-05-27"}
    answer = browser.post("/speaker/profile", data={"name": "A", "links": "javascript://alert(1)", **away})
    nameless = browser.post("/speaker/profile", data={"name": "", **away})

    assert (answer.status_code, nameless.status_code) == (422, 422)
    assert "is not a web address" in answer.text
    assert all(f'value="{day}"' in each.text for each in (answer, nameless) for day in away.values())


def test_photo_when_uploaded_then_only_a_square_without_metadata_is_stored(
    edition: EditionFacts, sign_in_speaker: Callable[..., Signed]
) -> None:
    speaker, browser = sign_in_speaker()
    exif = Image.Exif()
    exif[0x010E] = "taken at home"

    browser.post("/speaker/profile/photo", data={"photo": (_picture(exif=exif), "me.jpg"), "centre_x": "0"})

    profile = find_profile(speaker.id or 0)
    assert profile is not None
    assert profile.photo_id is not None
    stored = get_file(profile.photo_id)
    data = stored.path.read_bytes()
    with Image.open(io.BytesIO(data)) as picture:
        assert (picture.format, picture.size, dict(picture.getexif())) == ("JPEG", (800, 800), {})
    assert b"taken at home" not in data
    with browser.get("/speaker/profile/photo.jpg") as shown:
        assert shown.data == data


@pytest.mark.parametrize(
    ("values", "side", "colours"),
    [
        ({}, 400, ["red", "blue"]),
        ({"centre_x": "0"}, 400, ["red", "red"]),
        ({"centre_x": "100"}, 400, ["blue", "blue"]),
        ({"centre_x": "0", "zoom": "200"}, 200, ["red", "red"]),
        # Values beyond the sliders', and none at all.
        ({"centre_x": "500", "zoom": "100000"}, 100, ["blue", "blue"]),
        ({"centre_x": "-5"}, 400, ["red", "blue"]),
        ({"centre_x": "x", "zoom": "0"}, 400, ["red", "blue"]),
    ],
)
def test_photo_when_a_square_is_chosen_then_that_part_is_stored(
    edition: EditionFacts,
    sign_in_speaker: Callable[..., Signed],
    values: dict[str, str],
    side: int,
    colours: list[str],
) -> None:
    speaker, browser = sign_in_speaker()
    stripes = Image.new("RGB", (800, 400), "red")
    stripes.paste("blue", (400, 0, 800, 400))
    out = io.BytesIO()
    stripes.save(out, "PNG")

    browser.post("/speaker/profile/photo", data={"photo": (io.BytesIO(out.getvalue()), "me.png"), **values})

    profile = find_profile(speaker.id or 0)
    assert profile is not None
    with Image.open(get_file(profile.photo_id or 0).path) as stored:
        assert stored.size == (side, side)
        sides = [stored.convert("RGB").getpixel((x, 5)) for x in (5, side - 6)]
    assert ["red" if red > blue else "blue" for red, _green, blue in sides] == colours  # type: ignore[misc]


def test_photo_when_it_is_something_else_or_too_large_then_is_refused_with_the_reason(
    edition: EditionFacts, sign_in_speaker: Callable[..., Signed]
) -> None:
    speaker, browser = sign_in_speaker()

    def send(content: io.BytesIO, name: str) -> str:
        path = browser.post("/speaker/profile/photo", data={"photo": (content, name)}).location
        return browser.get(path).text

    assert "This file is not a photo that can be read." in send(io.BytesIO(b"<svg onload=alert(1)>"), "me.png")
    huge = send(_picture("PNG", (8000, 6000)), "me.png")
    assert "more than 40 megapixels" in huge
    assert find_profile(speaker.id or 0) is None
    assert "up to 20 MB" in send(io.BytesIO(bytes(22 * 1024**2)), "me.png")
    # More than other files may have.
    heavy = io.BytesIO(_picture("JPEG", (400, 300)).getvalue() + bytes(17 * 1024**2))
    assert "Your photo has been saved." in send(heavy, "me.jpg")


def test_data_when_exported_and_the_profile_is_deleted_then_nothing_of_it_is_left(
    edition: EditionFacts, sign_in_speaker: Callable[..., Signed]
) -> None:
    speaker, browser = sign_in_speaker()
    browser.post("/speaker/profile", data={"name": "王芳"})
    browser.post("/speaker/profile/photo", data={"photo": (_picture(), "me.jpg")})
    profile = find_profile(speaker.id or 0)
    assert profile is not None
    path = get_file(profile.photo_id or 0).path

    exported = json.loads(browser.get("/speaker/profile/data.json").data)
    browser.post("/speaker/profile/delete")

    assert exported["profile"]["name"] == "王芳"
    assert (find_profile(speaker.id or 0), path.exists()) == (None, False)
