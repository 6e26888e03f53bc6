"""A badge's text is read back from what a handheld scanner made of it, under every layout, and nothing else is."""

import random
import unicodedata
from typing import Literal

import pytest

from expo.pure import keyboards
from expo.pure.keyboards import token_readings
from expo.pure.tokens import BadgeToken, sign_token

KEYS = "QWERTYUIOPASDFGHJKLZXCVBNM234567"
TOKENS = [
    sign_token(BadgeToken(n % 3, 1, 4_000_000_000 - n * 7919, 1 + n % 7, 1, n % 5, 3), bytes([n + 1]) * 32)
    for n in range(6)
]


def _typed(layout: keyboards._Layout, row: int, text: str) -> str:
    """Return what the device shows for the keys of a text."""
    shown = dict(zip(KEYS, layout.rows[row].replace(" ", ""), strict=True))
    if row and layout.either:
        shown |= {key: pair for pair, key in layout.pairs.items()}
    elif layout.either:
        shown[layout.either[1]] = layout.either[0]
    return "".join(shown[key] for key in text)


@pytest.mark.parametrize(
    ("name", "row"), [(name, row) for name, layout in keyboards._LAYOUTS.items() for row in range(len(layout.rows))]
)
def test_text_when_typed_under_a_layout_then_among_its_readings(name: str, row: int) -> None:
    layout = keyboards._LAYOUTS[name]
    if name == "Vietnamese":
        pytest.skip("has a test of its own: its digits are marks")

    for token in TOKENS:
        typed = _typed(layout, row, token)
        texts = [typed, f"  {typed}\r\n", f"{typed}\t"]
        if name not in {"Turkish (F)", "Greek"}:  # two of their small letters have the same capital
            texts += [typed.upper()] if len(typed.upper()) == len(typed) else []
        for text in texts:
            assert token in list(token_readings(text)), text


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_text_when_typed_in_vietnamese_then_read(form: Literal["NFC", "NFD"]) -> None:
    marks = {"2": "â", "3": "ê", "4": "ô", "5": "\u0300", "6": "\u0309", "7": "\u0303"}
    for token in TOKENS:
        typed = unicodedata.normalize(form, "".join(marks.get(key, key.lower()) for key in token))
        assert token in list(token_readings(typed))


def test_text_when_an_input_method_joins_korean_syllables_then_read() -> None:
    shown = dict(zip(KEYS, keyboards._LAYOUTS["Korean"].rows[0].replace(" ", ""), strict=True))
    # 쿄 is Z and Y, 각 is R, K and R; 괘 is R, H and O.
    assert [shown[key] for key in "ZYRKRHO"] == list("ㅋㅛㄱㅏㄱㅗㅐ")
    token = "AE" + "ZYRKRRHO" * 15
    typed = "ㅁㄷ" + "쿄각괘" * 15

    assert token in list(token_readings(typed))


@pytest.mark.parametrize("prefix", ["]Q1", "]q1", "]Q3", "$a&", "+Q1", "*]Q1", "\x02", "ъй1", "］Ｑ１"])
@pytest.mark.parametrize("suffix", ["", "\r", "\r\n", "\t", "\x03", " "])
def test_text_when_between_prefix_and_suffix_then_read(prefix: str, suffix: str) -> None:
    for token in TOKENS:
        assert token in list(token_readings(prefix + token + suffix))


def test_text_when_wide_or_with_digits_of_another_script_then_read() -> None:
    wide = str.maketrans({each: chr(ord(each) + 0xFEE0) for each in KEYS})
    persian = str.maketrans("234567", "۲۳۴۵۶۷")
    for token in TOKENS:
        assert token in list(token_readings(token.translate(wide)))
        assert token in list(token_readings(token.lower().translate(persian)))


def test_text_when_cut_short_or_something_stands_after_it_then_nothing_is_read() -> None:
    for token in TOKENS:
        texts = ["", token[:-1], token[1:], f"https://example.org/{token}", token * 3, "A" * 5000, "\ud800" * 122]
        assert [list(token_readings(text)) for text in texts] == [[]] * len(texts)
        assert token not in list(token_readings(token + "A"))


def test_readings_when_text_is_random_then_few() -> None:
    rng = random.Random(1)  # noqa: S311 - nothing secret
    signs = "".join(row for layout in keyboards._LAYOUTS.values() for row in layout.rows)
    for _ in range(200):
        text = "".join(rng.choice(signs) for _ in range(122))
        assert len(list(token_readings(text))) <= 100
