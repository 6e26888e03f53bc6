"""Chinese text is read by whole words, and sorted by its reading."""

import pytest

from expo.pure.reading_table import collect_readings
from expo.pure.readings import read_syllables, reading_key


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("重庆", "chong qing"),
        ("中国银行", "zhong guo yin hang"),
        ("长沙音乐厅", "chang sha yin yue ting"),
        ("成都会计师", "cheng du kuai ji shi"),
        ("张伟A1", "zhang wei a 1"),
        ("", ""),
    ],
)
def test_reading_when_a_character_has_several_then_by_the_word(text: str, reading: str) -> None:
    assert " ".join(read_syllables(text)) == reading


def test_reading_table_when_collected_again_then_as_in_the_file() -> None:
    assert {
        word: reading for word, reading in collect_readings().items() if reading != " ".join(read_syllables(word))
    } == {}


def test_names_when_sorted_by_their_reading_then_as_a_chinese_index_lists_them() -> None:
    names = ["中国", "秘鲁", "Chile", "朝鲜", "阿根廷", "丹麦"]

    assert sorted(names, key=reading_key) == ["阿根廷", "秘鲁", "朝鲜", "Chile", "丹麦", "中国"]
