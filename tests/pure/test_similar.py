"""Typing errors lead to the word that was meant, and other words do not."""

import pytest

from expo.pure.similar import correct_terms, find_nearest

WORDS = ["cloud", "computing", "intelligence", "data", "anna"]


@pytest.mark.parametrize(
    ("term", "word"),
    [
        ("clod", "cloud"),
        ("cluod", "cloud"),
        ("inteligense", "intelligence"),
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
