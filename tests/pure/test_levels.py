"""Levels of sessions: the words that tools use for them, and their order."""

import pytest

from expo.pure.levels import find_level, order_levels, read_level


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("Introductory and overview", "beginner"),
        (" EXPERT ", "advanced"),
        ("All-levels", "all"),
        ("中级", "intermediate"),
        ("Bring a laptop", "Bring a laptop"),
        ("", ""),
    ],
)
def test_read_level_when_a_usual_word_then_its_level_else_the_text(text: str, level: str) -> None:
    assert read_level(text) == level


def test_find_level_when_among_tags_then_the_first_and_no_bare_number() -> None:
    assert find_level(["200", "Databases", "Advanced", "beginner"]) == "advanced"
    assert find_level(["Databases"]) == ""


def test_order_levels_when_mixed_then_from_easy_to_hard_and_others_last() -> None:
    assert order_levels(["Wizard", "advanced", "all", "beginner"]) == ["all", "beginner", "advanced", "Wizard"]
