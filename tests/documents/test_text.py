from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st
from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

from expo.documents.text import draw_line, fit_text, is_right_to_left, set_line, unprintable, wrap_text
from expo.documents.typefaces import FONTS, all_names, check_fonts, typeface
from tests.documents.papers import ink, pictures, words

INK = HexColor("#000000")

# Language, text, the families of its runs from left to right, and how many glyphs they have.
SCRIPTS = [
    ("zh-Hans", "张伟明（贵阳）骨直", [("NotoSansSC", 9)]),
    ("zh-Hant", "張偉明（臺北）骨直", [("NotoSansTC", 9)]),
    ("ja", "山田 太郎 骨直", [("NotoSansJP", 8)]),
    ("ko", "김민준 骨直", [("NotoSansKR", 4), ("NotoSansJP", 2)]),
    ("ar", "محمد بن سلمان", [("NotoSansArabic", 13)]),
    ("he", "שָׁלוֹם אל", [("NotoSansHebrew", 10)]),
    ("hi", "क्षत्रिय श्रीमान्", [("NotoSansDevanagari", 11)]),
    ("th", "ที่ปรึกษา ผู้ใหญ่", [("NotoSansThai", 17)]),
    ("ru", "Александр Ёлкин", [("NotoSans", 15)]),
    ("el", "Ὀδυσσεύς", [("NotoSans", 8)]),
    ("vi", "Nguyễn Thị Ánh", [("NotoSans", 14)]),
    (
        "en",
        "Wei 伟 & علي (MIT)",
        [
            ("NotoSans", 4),
            ("NotoSansSC", 2),
            ("NotoSans", 2),
            ("NotoSansArabic", 3),
            ("NotoSansArabic", 1),
            ("NotoSans", 5),
        ],
    ),
]


def runs_of(text: str, language: str) -> list[tuple[str, int]]:
    return [(piece.face.partition("-")[0], len(piece.codes)) for piece in set_line(text, language).pieces]


def order_on_paper(text: str, *, right_to_left: bool | None = None) -> str:
    """Return the characters of a line in order from left to right."""
    line = set_line(text, "en", right_to_left=right_to_left)
    result = ""
    for piece in line.pieces:
        if piece.glyphs is None or piece.actual_text is None:
            result += piece.codes
        else:
            result += "".join(piece.actual_text[glyph.cluster] for glyph in piece.glyphs)
    return result


def paper(*lines: tuple[str, str], bold: bool = False) -> bytes:
    out = BytesIO()
    canvas = Canvas(out, pagesize=(400, 40 * len(lines)), pageCompression=1)
    for place, (language, text) in enumerate(reversed(lines)):
        draw_line(canvas, set_line(text, language, bold=bold), 10, 40 * place + 14, 18, INK)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


@pytest.mark.parametrize(("language", "text", "expected"), SCRIPTS)
def test_set_line_when_given_a_script_then_chooses_its_typeface_and_shapes_it(
    language: str, text: str, expected: list[tuple[str, int]]
) -> None:
    assert runs_of(text, language) == expected


@pytest.mark.parametrize(("language", "text", "expected"), SCRIPTS)
@pytest.mark.parametrize("bold", [False, True])
def test_set_line_when_given_a_script_then_draws_no_missing_glyph(
    language: str, text: str, expected: list[tuple[str, int]], *, bold: bool
) -> None:
    for piece in set_line(text, language, bold=bold).pieces:
        glyphs = typeface(piece.face).font.face.charToGlyph
        assert 0 not in [glyphs[ord(code)] for code in piece.codes]


@pytest.mark.parametrize(
    ("text", "on_paper"),
    [
        ("שלום (STC) 2026", "2026 (STC) םולש"),
        ("STC (שלום) 2026", "STC (םולש) 2026"),
        ("(שלום)", "(םולש)"),
        ("שלום 12-34, אל", "לא ,12-34 םולש"),
        ("abc", "abc"),
    ],
)
def test_set_line_when_directions_mix_then_orders_by_the_bidirectional_algorithm(text: str, on_paper: str) -> None:
    assert order_on_paper(text) == on_paper


def test_set_line_when_a_date_in_arabic_is_isolated_then_is_not_turned_around() -> None:
    assert order_on_paper("حتى \u20662026-08-26 14:05\u2069").startswith("2026-08-26 14:05")
    assert order_on_paper("حتى 2026-08-26").startswith("26-08-2026")


def test_set_line_when_arabic_is_not_vowelled_then_prints_no_vowels() -> None:
    # The font's discretionary ligatures would add marks to this very name.
    [piece] = set_line("محمد", "ar").pieces

    assert len(piece.codes) == 4


def test_set_line_when_hindi_has_a_conjunct_then_draws_one_glyph() -> None:
    [piece] = set_line("क्ष", "hi").pieces

    assert len(piece.codes) == 1


def test_set_line_when_bold_then_is_a_bold_file_or_a_stroke() -> None:
    latin, chinese = set_line("Wei伟", "zh", bold=True).pieces

    assert (latin.face, latin.stroked) == ("NotoSans-Bold", False)
    assert (chinese.face, chinese.stroked) == ("NotoSansSC-Regular", True)


def test_set_line_when_han_is_read_in_another_region_then_has_its_shapes() -> None:
    faces = [set_line("骨直", language).pieces[0].face for language in ("zh", "zh-TW", "zh_Hant", "ja", "en")]

    assert faces == [
        "NotoSansSC-Regular",
        "NotoSansTC-Regular",
        "NotoSansTC-Regular",
        "NotoSansJP-Regular",
        "NotoSansSC-Regular",
    ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Anna \U0001f468\u200d\U0001f469\u200d\U0001f467 Kovács \U0001f600\ufe0f", "Anna 〓 Kovács 〓"),
        ("\U0001f44d\U0001f3fd", "〓"),
        ("\U0001f1e8\U0001f1f3 Wei", "〓 Wei"),
        ("王ᚠᚢ", "王〓〓"),
        ("李\U00031350", "李〓"),
        ("张\ue000", "张〓"),
        ("ᚠ\u0301", "〓"),
        ("葛\U000e0101城", "葛城"),
        ("Ann\u200d\u200b\ufeffa", "Anna"),
    ],
)
def test_set_line_when_no_typeface_has_a_character_then_marks_its_place(text: str, shown: str) -> None:
    assert set_line(text, "zh").text == shown


def test_set_line_when_marks_are_piled_up_then_keeps_what_a_letter_can_carry() -> None:
    assert set_line("Z" + "\u0302" * 40 + "a", "en").text == "\u1e90\u0302\u0302a"


def test_unprintable_when_some_characters_have_no_typeface_then_names_them_alone() -> None:
    assert unprintable("Ana 张 \U0001f600\u200d\U0001f467\ufe0f ᚠ\tO'Neil") == {"\U0001f600", "\U0001f467", "ᚠ"}
    assert unprintable("".join(text for _, text, _ in SCRIPTS)) == set()
    assert unprintable("བསྟན་འཛིན ᠪᠠᠲᠤ ꆈꌠꉙ 𠮷野 葛\U000e0100城 䶮 ޢަލީ ଅମିତ ܐܢ ⵣ") == set()
    assert unprintable("李\ue5e5 \U00031350") == {"\ue5e5", "\U00031350"}


@pytest.mark.parametrize("bold", [False, True])
def test_draw_line_when_rendered_then_the_text_can_be_found_again(tmp_path: Path, *, bold: bool) -> None:
    found = words(paper(*[(language, text) for language, text, _ in SCRIPTS], bold=bold), tmp_path)
    plain = found.translate({0x202B: None, 0x202C: None, 0x202A: None, 0x200E: None, 0x200F: None})

    # Pointed Hebrew and brackets between directions come back in the reader's own order.
    whole = [text for language, text, _ in SCRIPTS if language not in ("he", "en")]
    assert [text for text in [*whole, "Wei 伟 &", "علي", "MIT"] if text not in plain] == []


def test_draw_line_when_rendered_then_each_script_leaves_ink(tmp_path: Path) -> None:
    pdf = paper(*[(language, text) for language, text, _ in SCRIPTS])
    [picture] = pictures(pdf, tmp_path, dpi=100)
    count = len(SCRIPTS)

    inks = [ink(picture, (0, place / count, 1, (place + 1) / count)) for place in range(count)]

    assert min(inks) > 300


def test_draw_line_when_rendered_then_its_width_is_the_width_of_its_ink(tmp_path: Path) -> None:
    for language, text, _ in SCRIPTS:
        [picture] = pictures(paper((language, text)), tmp_path, dpi=144)
        left, _, right, _ = picture.convert("L").point(lambda level: 255 if level < 200 else 0).getbbox() or (
            0,
            0,
            0,
            0,
        )

        assert left / 2 == pytest.approx(10, abs=3), text
        assert (right - left) / 2 == pytest.approx(set_line(text, language).width * 18 / 1000, abs=3), text


def test_fit_text_when_words_find_place_on_more_lines_then_wraps_before_it_shrinks() -> None:
    fitted = fit_text("Anna Maria Kovács", 150, 120, (30, 8), bold=True)

    assert fitted.size == 30
    assert [line.text for line in fitted.lines] == ["Anna", "Maria", "Kovács"]


def test_fit_text_when_one_word_is_too_wide_then_shrinks_and_keeps_it_whole() -> None:
    fitted = fit_text("Bundesverfassungsgericht", 150, 120, (30, 8), bold=True)

    assert [line.text for line in fitted.lines] == ["Bundesverfassungsgericht"]
    assert 8 < fitted.size < 30
    assert not fitted.cut


def test_fit_text_when_nothing_helps_then_cuts_with_an_ellipsis() -> None:
    fitted = fit_text("Rechtsschutz " * 50, 80, 30, (20, 8), max_lines=2)

    assert fitted.cut
    assert fitted.size == 8
    assert fitted.lines[-1].text.endswith("…")


def test_fit_text_when_lines_are_uneven_then_balances_them() -> None:
    one, two = fit_text("云上贵州大数据产业发展有限公司", 110, 100, (10, 8)).lines

    assert abs(len(one.text) - len(two.text)) <= 1


def test_wrap_text_when_chinese_then_punctuation_begins_and_ends_no_line() -> None:
    text = "数据，算力。“贵阳”（中国）、未来！" * 6
    lines = [line.text for line in wrap_text(text, 60, 10, language="zh").lines]

    assert "".join(lines) == text
    assert [line for line in lines if line[0] in "，。”）、！" or line[-1] in "“（"] == []


def test_wrap_text_when_arabic_then_first_words_are_on_the_first_line() -> None:
    first, *_ = wrap_text("معرض البيانات الضخمة في قوييانغ", 60, 10, language="ar").lines

    assert first.right_to_left
    assert first.text.startswith("معرض")


@pytest.mark.parametrize(
    ("text", "right_to_left"), [("abc שלום", False), ("שלום abc", True), ("12 علي", True), ("2026", False), ("", False)]
)
def test_is_right_to_left_when_asked_then_the_first_letter_decides(text: str, *, right_to_left: bool) -> None:
    assert is_right_to_left(text) is right_to_left


@given(text=st.text(max_size=60), bold=st.booleans())
@settings(deadline=None, max_examples=150)
def test_fit_text_when_given_any_text_then_lines_fit_the_box(text: str, *, bold: bool) -> None:
    fitted = fit_text(text, 120, 60, (24, 6), bold=bold)

    assert len(fitted.lines) <= 3
    assert fitted.height <= 60.001
    assert fitted.width <= 120 * 1.02


def test_check_fonts_when_all_files_are_there_then_finds_nothing_broken() -> None:
    assert check_fonts() == []
    assert {path.stem for path in FONTS.glob("*.ttf")} == set(all_names())
    assert (FONTS / "OFL.txt").is_file()
