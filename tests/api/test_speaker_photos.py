"""The photo of a speaker over the API: checked by its content, cropped, without metadata."""

from io import BytesIO
from zlib import crc32

import pytest
from flask import Flask
from PIL import Image
from werkzeug.test import TestResponse

from expo.accounts.rules import Permission
from expo.editions.queries import EditionFacts
from expo.infra.files import find_file_by_key
from expo.infra.photos import MAX_BYTES
from expo.program.queries import get_any_speaker
from tests.api.calls import Api, check_answer, make_token

PATH = "/speakers/ada/photo"


@pytest.fixture
def api(app: Flask, edition: EditionFacts) -> Api:
    made = Api(app, make_token(edition))
    made.post("/speakers", {"name": {"en": "Ada"}})
    return made


def _put(app: Flask, token: str, content: bytes, media_type: str, version: str = "*") -> TestResponse:
    headers = {"Authorization": f"Bearer {token}", "If-Match": version}
    answer = app.test_client().put(f"/api/v1{PATH}", data=content, content_type=media_type, headers=headers)
    check_answer("put", PATH, answer)
    return answer


def _picture(width: int = 300, height: int = 200, kind: str = "PNG") -> bytes:
    written = BytesIO()
    Image.new("RGB", (width, height), "teal").save(written, kind)
    return written.getvalue()


def _claim_size(side: int) -> bytes:
    """Return a small picture whose header says that it is huge."""
    picture = _picture()
    header = b"IHDR" + side.to_bytes(4) * 2 + picture[24:29]
    return picture[:12] + header + crc32(header).to_bytes(4) + picture[33:]


def test_photo_when_sent_then_stored_as_a_square_jpeg_and_removed_again(
    api: Api, app: Flask, edition: EditionFacts
) -> None:
    before = api.get("/speakers/ada")
    answer = _put(app, make_token(edition), _picture(), "image/png", before.headers["ETag"])
    key = get_any_speaker(edition.id, "ada").photo_key
    assert key is not None
    with Image.open(find_file_by_key(key).path) as stored:
        facts = (stored.format, stored.size)
    removed = api.delete(PATH, If_Match=answer.headers["ETag"])

    assert (answer.status_code, answer.get_json()["has_photo"], facts) == (200, True, ("JPEG", (200, 200)))
    assert answer.headers["ETag"] != before.headers["ETag"]
    assert (removed.status_code, removed.get_json()["has_photo"]) == (200, False)


@pytest.mark.usefixtures("api")
@pytest.mark.parametrize(
    ("content", "media_type", "status", "code"),
    [
        (b"<svg/>", "image/png", 422, "photo_invalid"),
        (b"", "image/jpeg", 422, "photo_invalid"),
        (_picture(kind="GIF"), "image/png", 422, "photo_invalid"),
        (_picture(7000, 6000), "image/png", 422, "photo_too_large"),
        (_claim_size(30_000), "image/png", 422, "photo_too_large"),
        (b"x" * (MAX_BYTES + 1), "image/png", 413, "body_too_large"),
        (_picture(), "image/gif", 415, "file_expected"),
        (_picture(), "application/json", 415, "file_expected"),
    ],
)
def test_photo_when_it_is_not_what_it_says_then_refused_with_the_reason(
    content: bytes, media_type: str, status: int, code: str, app: Flask, edition: EditionFacts
) -> None:
    answer = _put(app, make_token(edition), content, media_type)

    assert (answer.status_code, answer.get_json(force=True)["code"]) == (status, code)
    assert get_any_speaker(edition.id, "ada").photo_key is None


@pytest.mark.usefixtures("api")
def test_photo_when_outdated_or_not_permitted_then_refused(app: Flask, edition: EditionFacts) -> None:
    outdated = _put(app, make_token(edition), _picture(), "image/png", '"old"')
    reader = _put(app, make_token(edition, Permission.PROGRAM_READ), _picture(), "image/png")

    assert (outdated.status_code, reader.status_code) == (412, 403)
    assert get_any_speaker(edition.id, "ada").photo_key is None
