"""Companies are found by what was typed, or by something similar in any script."""

import pytest

from expo.pure.names import search_text
from expo.pure.tolerant_search import TolerantIndex

NAMES = [
    "华为技术有限公司",
    "贵州大数据集团",
    "Siemens Energy",
    "Müller & Söhne",
    "Газпром нефть",
    "삼성전자",
    "شركة البيانات",
]
INDEX = TolerantIndex((number, search_text(name)) for number, name in enumerate(NAMES))


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("华为", "华为技术有限公司"),
        ("huawei", "华为技术有限公司"),
        ("siem ener", "Siemens Energy"),
        ("muller", "Müller & Söhne"),
        ("mueller", "Müller & Söhne"),
        ("gazprom", "Газпром нефть"),
        ("Газ", "Газпром нефть"),
        ("삼성", "삼성전자"),
        ("البيانات", "شركة البيانات"),
    ],
)
def test_search_when_typed_correctly_then_finds_exactly(query: str, name: str) -> None:
    found = INDEX.find(query)

    assert ({NAMES[each] for each in found.numbers}, found.is_exact) == ({name}, True)


@pytest.mark.parametrize(
    ("query", "name"),
    [
        # A character that sounds the same, a wrong one, a wrong reading.
        ("华威", "华为技术有限公司"),
        ("贵州大树据", "贵州大数据集团"),
        ("大数据级团", "贵州大数据集团"),
        ("大数锯集团", "贵州大数据集团"),
        ("huawie", "华为技术有限公司"),
        ("simens", "Siemens Energy"),
        ("sieemns energi", "Siemens Energy"),
        ("Гаспром", "Газпром нефть"),
    ],
)
def test_search_when_mistyped_then_finds_the_similar_one(query: str, name: str) -> None:
    found = INDEX.find(query)

    assert ({NAMES[each] for each in found.numbers}, found.is_exact) == ({name}, False)


@pytest.mark.parametrize("query", ["", "  ", "…!?", "zzzzqqq", "完全不同的公司名称"])
def test_search_when_nothing_is_similar_then_finds_nothing(query: str) -> None:
    assert INDEX.find(query).numbers == frozenset()
