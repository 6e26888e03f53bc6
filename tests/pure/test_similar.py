"""Typing errors lead to the word that was meant, and other words do not."""

import pytest

from expo.pure.names import search_terms, search_text
from expo.pure.similar import correct_terms, find_nearest

WORDS = ["cloud", "computing", "intelligence", "data", "anna", "wei"]


@pytest.mark.parametrize(
    ("term", "word"),
    [
        ("clod", "cloud"),
        ("cluod", "cloud"),
        ("inteligense", "intelligence"),
        ("wie", "wei"),
        ("dta", None),
        ("xyloph", None),
        ("1234", None),
    ],
)
def test_nearest_when_a_letter_or_two_differ_then_found(term: str, word: str | None) -> None:
    assert find_nearest(term, WORDS) == word


def test_terms_when_some_begin_a_word_then_only_the_others_are_corrected() -> None:
    assert correct_terms(["comp", "cluod"], WORDS) == ["comp", "cloud"]
    assert correct_terms(["comp", "xylophone"], WORDS) is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("数剧", "数据"), ("据数", None), ("数据安金", "数据安全"), ("데이타", "데이터"), ("даные", "dannye")],
)
def test_terms_when_a_sign_is_wrong_in_another_script_then_found_by_its_sound_or_the_other_signs(
    typed: str, meant: str | None
) -> None:
    words = search_text("数据安全治理 데이터 данные").split()

    assert correct_terms(search_terms(typed), words) == (meant and [meant])
