import re
from xml.etree import ElementTree as ET

import pytest
import zxingcpp
from PIL import Image

from expo.documents.qr import MODULES, QUIET, qr_rows, qr_runs, qr_svg
from expo.pure.tokens import BadgeToken, new_key_pair, sign_token

PRIVATE, _ = new_key_pair(b"\x05" * 32)
TEXT = sign_token(BadgeToken(1, 2026, 77, 2, 1, 0, 4), PRIVATE)


def picture_of(dark: set[tuple[int, int]], size: int, scale: int = 6) -> Image.Image:
    picture = Image.new("L", (size, size), 255)
    for place in dark:
        picture.putpixel(place, 0)
    return picture.resize((size * scale, size * scale), Image.Resampling.NEAREST)


def test_qr_rows_when_drawn_then_another_decoder_reads_the_text() -> None:
    dark = {(x + 4, y + 4) for y, row in enumerate(qr_rows(TEXT)) for x, is_dark in enumerate(row) if is_dark}

    [found] = zxingcpp.read_barcodes(picture_of(dark, MODULES + 8))

    assert found.text == TEXT
    assert found.ec_level == "M"


def test_qr_runs_when_put_together_then_are_the_modules() -> None:
    modules = {(x, y) for y, row in enumerate(qr_rows(TEXT)) for x, is_dark in enumerate(row) if is_dark}

    assert {(x + step, y) for x, y, length in qr_runs(TEXT) for step in range(length)} == modules


def test_qr_svg_when_parsed_then_decodes_and_has_a_name_and_no_inline_code() -> None:
    svg = qr_svg(TEXT, 'Badge of "Zoë" <script>')
    root = ET.fromstring(svg)  # noqa: S314 - made two lines above
    namespace = "{http://www.w3.org/2000/svg}"
    path = root.find(f"{namespace}path")
    assert path is not None
    runs = re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", path.attrib["d"])
    dark = {(int(x) + step, int(y)) for x, y, length in runs for step in range(int(length))}

    [found] = zxingcpp.read_barcodes(picture_of(dark, MODULES + 2 * QUIET))

    assert found.text == TEXT
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"] == 'Badge of "Zoë" <script>'
    assert "style" not in svg
    assert "<script" not in svg


@pytest.mark.parametrize("text", ["A" * 123, "é"])
def test_qr_rows_when_text_does_not_fit_then_refuses(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        qr_rows(text)
