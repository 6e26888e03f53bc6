import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import BytesIO
from itertools import combinations
from pathlib import Path
from typing import get_args

import pytest

from expo.documents.badge import BadgeFace, render_badge, render_badges
from expo.documents.bands import BAND_COLORS, BANDS, BandColor
from expo.pure.layout import A6, Box, badge_boxes
from expo.pure.tokens import BadgeToken, new_key_pair, sign_token
from tests.conftest import shared_file
from tests.documents.papers import information, ink, pictures, qr_texts, words

PRIVATE, _ = new_key_pair(b"\x09" * 32)


def token(serial: int) -> str:
    return sign_token(BadgeToken(1, 2026, serial, 2, 1, 0, 4), PRIVATE)


FACE = BadgeFace(
    token_text=token(1),
    short_code="K7P4-3MQX",
    name="张伟明",
    latin_name="Zhang Weiming",
    company="贵州云上数据科技股份有限公司",
    job_title="首席数据官",
    country_name="中国",
    ticket_type_name="专业观众",
    band_color="teal",
    language="zh-Hans",
    edition_title="2026中国国际大数据产业博览会",
    edition_dates="2026年8月26日至29日 · 贵阳",
    role_line=None,
)
GUTTENBERG = "Karl-Theodor Maria Nikolaus Johann Jacob Philipp Franz Joseph Sylvester Freiherr von und zu Guttenberg"
FACES = {
    "chinese": FACE,
    "german": replace(
        FACE,
        name=GUTTENBERG,
        latin_name=None,
        company="Donaudampfschifffahrtsgesellschaft mbH & Co. KG",
        job_title="Hauptabteilungsleiter für Rechtsschutzversicherungsgesellschaften",
        language="de",
    ),
    "forty": replace(FACE, name="阿" * 40, latin_name="A " * 40, company="北京" * 40, role_line="演讲嘉宾"),
    "arabic": replace(
        FACE,
        name="محمد بن عبد العزيز آل سعود",
        latin_name="Mohammed bin Abdulaziz Al Saud",
        company="شركة الاتصالات السعودية (STC)",
        job_title="مدير",
        country_name="المملكة العربية السعودية",
        ticket_type_name="زائر",
        language="ar",
        edition_title="معرض البيانات الضخمة 2026",
        edition_dates="26 أغسطس 2026",
    ),
    "thai": replace(FACE, name="สมชาย ใจดี", latin_name="Somchai Jaidee", language="th"),
    "piled": replace(FACE, name="Z" + "\u0352\u0302\u0349" * 60 + "algo", latin_name=None, language="en"),
    "added": replace(
        FACE,
        ticket_type_name="Fachbesucherinnen und Fachbesucher mit Kongresszugang",
        language="de",
        add_ons=("Festliches Galadinner im Kongresszentrum", "Rechtsschutzversicherungsworkshop", "Parkplatz × 2"),
    ),
    "wide": replace(
        FACE,
        name="W" * 300,
        company="W" * 300,
        job_title="W" * 300,
        country_name="W" * 99,
        ticket_type_name="W" * 99,
        add_ons=("W" * 99, "M" * 99),
    ),
}


def shares(box: Box) -> tuple[float, float, float, float]:
    """Return a box as shares of an A6 picture, whose origin is at the top."""
    width, height = A6
    return box.x / width, 1 - box.top / height, box.right / width, 1 - box.y / height


@pytest.mark.parametrize("case", FACES)
def test_render_badge_when_printed_then_another_decoder_reads_the_token(tmp_path: Path, case: str) -> None:
    face = FACES[case]

    [picture] = pictures(render_badge(face), tmp_path)

    assert qr_texts(picture) == [face.token_text]


@pytest.mark.parametrize("case", FACES)
def test_render_badge_when_texts_are_long_then_margins_and_quiet_zone_stay_white(tmp_path: Path, case: str) -> None:
    boxes = badge_boxes()
    [picture] = pictures(render_badge(FACES[case]), tmp_path)
    below_head, above_band = boxes.head.y - 8, boxes.band.top + 1
    height = below_head - above_band
    ground, qr = boxes.qr_ground, boxes.qr

    clear = {
        "left margin": Box(0, above_band, 15, height),
        "right margin": Box(A6[0] - 7, above_band, 7, height),
        "quiet zone, left": Box(ground.x, ground.y + 14, qr.x - ground.x - 1, ground.height - 14),
        "quiet zone, right": Box(qr.right + 1, ground.y + 14, ground.right - qr.right - 1, ground.height - 14),
        "quiet zone, above": Box(ground.x, qr.top + 1, ground.width, ground.top - qr.top - 1),
    }

    assert {name: ink(picture, shares(box)) for name, box in clear.items()} == dict.fromkeys(clear, 0)


def test_render_badge_when_printed_then_the_code_is_40_mm_wide(tmp_path: Path) -> None:
    boxes = badge_boxes()
    ground, qr = boxes.qr_ground, boxes.qr
    [picture] = pictures(render_badge(FACE), tmp_path, dpi=254)  # ten pixels a millimetre
    left, top, right, bottom = shares(Box(ground.x, qr.y - 3, ground.width, ground.top - qr.y + 3))
    width, height = picture.size
    around = picture.convert("L").crop((int(left * width), int(top * height), int(right * width), int(bottom * height)))

    dark = around.point(lambda level: 255 if level < 128 else 0).getbbox()

    assert dark is not None
    assert dark[2] - dark[0] == pytest.approx(400, abs=1.5)
    assert dark[3] - dark[1] == pytest.approx(400, abs=1.5)


def test_render_badge_when_printed_then_is_one_a6_page_that_says_whose_it_is(tmp_path: Path) -> None:
    pdf = render_badge(FACE)
    facts = information(pdf, tmp_path)

    assert facts["Pages"] == "1"
    assert facts["Page size"] == "297.638 x 419.528 pts"
    assert facts["Title"] == FACE.edition_title
    assert facts["Author"] == FACE.edition_title
    assert b"/Lang (zh-Hans)" in pdf
    assert len(pdf) < 60_000


def test_render_badge_when_read_then_has_every_text(tmp_path: Path) -> None:
    found = words(render_badge(replace(FACE, role_line="演讲嘉宾")), tmp_path)
    wanted = ["张伟明", "Zhang Weiming", "首席数据官", "中国", "专业观众", "K7P4-3MQX", FACE.edition_title, "演讲嘉宾"]

    assert [text for text in wanted if text not in found] == []


@pytest.mark.parametrize(
    ("add_ons", "shown"),
    [
        (("数谷之夜晚宴", "停车位 × 2"), "数谷之夜晚宴 · 停车位 × 2"),
        (("Galadinner", "Parkplatz × 2", "Workshop Datenschutz"), "Galadinner · Parkplatz × 2 · Workshop Datenschutz"),
        (tuple(f"Rechtsschutzversicherungsworkshop {n}" for n in range(1, 6)), "+3"),
    ],
)
def test_render_badge_when_add_ons_are_booked_then_named_or_counted(
    add_ons: tuple[str, ...], shown: str, tmp_path: Path
) -> None:
    found = words(render_badge(replace(FACE, add_ons=add_ons)), tmp_path)

    assert shown in " ".join(found.split())


def test_render_badge_when_name_has_an_emoji_then_marks_its_place(tmp_path: Path) -> None:
    found = words(render_badge(replace(FACE, name="Anna \U0001f600", latin_name=None)), tmp_path)

    assert "Anna" in found
    assert "〓" in found


def test_render_badge_when_latin_name_is_the_name_then_printed_once(tmp_path: Path) -> None:
    found = words(render_badge(replace(FACE, name="Anna Kovács", latin_name="Anna Kovács")), tmp_path)

    assert found.count("Kovács") == 1


def test_bands_when_printed_in_grey_or_seen_without_colour_then_all_differ(tmp_path: Path) -> None:
    assert set(BANDS) == set(get_args(BandColor)) == set(BAND_COLORS)
    boxes = badge_boxes()
    patterns = []
    for color in BAND_COLORS:
        [picture] = pictures(render_badge(replace(FACE, band_color=color)), tmp_path, dpi=100)
        left, top, right, bottom = shares(boxes.band_pattern)
        width, height = picture.size
        grey = picture.convert("L").crop(
            (int(left * width) + 2, int(top * height) + 2, int(right * width) - 2, int(bottom * height) - 2)
        )
        darkest, lightest = min(grey.tobytes()), max(grey.tobytes())
        # Background and word must differ by half the range from black to white.
        assert lightest - darkest > 100, color
        middle = (darkest + lightest) / 2
        patterns.append(bytes(level > middle for level in grey.tobytes()))
    for one, two in combinations(patterns, 2):
        differing = sum(a != b for a, b in zip(one, two, strict=True))
        assert differing > 0.15 * len(one)


def test_render_badges_when_there_are_many_then_each_has_its_page_and_progress_is_told(tmp_path: Path) -> None:
    out = BytesIO()
    told: list[int] = []
    faces = (replace(FACE, token_text=token(serial), name=f"张{chr(0x4E00 + serial)}") for serial in range(420))

    count = render_badges(faces, out, told.append)

    assert count == 420
    assert told == [50, 100, 150, 200, 250, 300, 350, 400, 420]
    assert information(out.getvalue(), tmp_path)["Pages"] == "420"
    found = words(out.getvalue(), tmp_path)
    assert [serial for serial in range(420) if f"张{chr(0x4E00 + serial)}" not in found] == []
    [first, second, *_] = pictures(out.getvalue(), tmp_path, last=2)
    assert [qr_texts(first), qr_texts(second)] == [[token(0)], [token(1)]]


def test_render_badges_when_drawn_then_pages_are_written_before_the_last_face_is_read() -> None:
    out = BytesIO()
    written: list[int] = []

    def faces() -> Iterator[BadgeFace]:
        for serial in range(450):
            written.append(len(out.getvalue()) if serial in (199, 449) else 0)
            yield replace(FACE, token_text=token(serial))

    render_badges(faces(), out, None)

    assert written[199] < 100
    assert written[449] > 400 * 1000


def test_render_badge_when_many_threads_print_at_once_then_each_gets_its_own_badge(tmp_path: Path) -> None:
    faces = [replace(face, token_text=token(serial)) for serial, face in enumerate(list(FACES.values()) * 4)]
    alone = [render_badge(face) for face in faces]

    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(render_badge, faces))

    for one, other in zip(alone, together, strict=True):
        [expected], [found] = pictures(one, tmp_path, dpi=60), pictures(other, tmp_path, dpi=60)
        assert found.tobytes() == expected.tobytes()


def test_render_badges_when_there_are_none_then_writes_nothing() -> None:
    out = BytesIO()

    assert render_badges((), out, None) == 0
    assert out.getvalue() == b""


def test_render_badges_when_given_naughty_strings_then_prints_a_page_for_each(tmp_path: Path) -> None:
    strings = json.loads(shared_file("bad-input/blns.json").read_text("utf-8"))
    assert len(strings) > 500
    texts = (
        "name",
        "latin_name",
        "company",
        "job_title",
        "country_name",
        "ticket_type_name",
        "role_line",
        "short_code",
    )
    everywhere = (*texts, "edition_title", "edition_dates")
    faces = [BadgeFace(**{**FACE.__dict__, **dict.fromkeys(everywhere, text)}) for text in strings]
    out = BytesIO()

    count = render_badges(faces, out, None)

    assert count == len(strings)
    assert information(out.getvalue(), tmp_path)["Pages"] == str(count)
