"""The font files: what they have, whose work they are, and that none is called by a name kept for the original."""

import json
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from expo.documents.text import unprintable
from expo.documents.typefaces import FONTS, all_names, family_for, has_character, regions_for

RESERVED = ("source", "hanazono", "hanamin", "花園")
SHOWN_NAMES = (1, 4, 6, 16, 18)

FILES = sorted(FONTS.glob("*.ttf"), key=lambda path: path.name)


@pytest.fixture(scope="module")
def names() -> dict[str, TTFont]:
    found = {}
    for path in FILES:
        with TTFont(path, lazy=True) as font:
            found[path.stem] = font["name"]
    return found


def test_font_when_its_original_reserves_a_name_then_has_another(names: dict[str, TTFont]) -> None:
    shown = {
        (file, str(record))
        for file, table in names.items()
        for record in table.names
        if record.nameID in SHOWN_NAMES and any(word in str(record).casefold() for word in RESERVED)
    }

    assert shown == set()


def test_font_when_it_is_shipped_then_names_its_makers_and_licence(names: dict[str, TTFont]) -> None:
    licence = (FONTS / "OFL.txt").read_text("utf-8")

    for file, table in names.items():
        makers = table.getDebugName(0)
        assert any(maker in makers and maker in licence for maker in ("Google", "Adobe", "GlyphWiki Project")), file
        assert "SIL Open Font License" in (table.getDebugName(13) or licence), file


def test_coverage_when_compared_with_the_files_then_names_each_with_its_characters() -> None:
    ranges: dict[str, str] = json.loads((FONTS / "coverage.json").read_text("ascii"))
    counted = {
        name: sum(
            int(end or start, 16) - int(start, 16) + 1 for start, _, end in (p.partition("-") for p in each.split())
        )
        for name, each in ranges.items()
    }

    assert set(all_names()) == {path.stem for path in FILES}
    assert counted == {path.stem: _count_characters(path) for path in FILES}
    assert [name for name in all_names() if not has_character(name.partition("-")[0], " ")] == []


def _count_characters(path: Path) -> int:
    with TTFont(path, lazy=True) as font:
        return len(font.getBestCmap())


@pytest.mark.parametrize(
    "name",
    [
        "བཀྲ་ཤིས་རྡོ་རྗེ", "ᠪᠠᠭᠠᠲᠤᠷ", "ᠮᠠᠨᠵᡠ", "ꆈꌠꁱꂷ", "𠮷田 𡈽屋 𣘺本 𠔿 𨭎 𤭢", "𪚲 𫝀 𫠠 𬭚 𬴊 𮯠",
        "မြန်မာ အောင်ဆန်း", "ស៊ីហនុ",
        "ບຸນຍັງ", "გიორგი", "Հովհաննես", "አበበ ቢቂላ", "சுப்பிரமணியன்", "বন্দ্যোপাধ্যায়", "પટેલ", "ਸਿੰਘ", "ମହାନ୍ତି", "ଓଡ଼ିଆ",
        "ᥖᥭᥰ ᥘᥫᥴ", "ᦑᦺᦟᦹᧉ", "ꓡꓲ ꓢꓴ", "𖼀𖽡𖾐", "𛅰𛅱", "ꦄꦤ꧀", "ᬩᬮᬶ", "ᱥᱟᱱᱛᱟᱲ", "ꯃꯤꯇꯩ", "ᐃᓄᒃ", "ⴰⵎⴰⵣⵉⵖ", "ⲕⲏⲙⲓ",
        "N̈guyễn Ṽ Ŵ ǅ ꞌA Ɓ ŋ", "Þórðardóttir Ǿ Ș", "ʻOkina ʼ Maʻam", "Ꙗ҆́ Ѣ", "ܐܪܡܝܐ", "ދިވެހި", "ߒߞߏ",
    ],
)  # fmt: skip
def test_name_when_its_script_is_in_use_then_every_character_prints(name: str) -> None:
    assert unprintable(name) == set()


@pytest.mark.parametrize(
    ("language", "family"),
    [("zh-Hans", "NotoSansSC"), ("zh-Hant", "NotoSansTC"), ("ja", "NotoSansJP"), ("ko", "NotoSansKR")],
)
def test_punctuation_of_east_asia_when_printed_then_in_the_typeface_of_the_region(language: str, family: str) -> None:
    regions = regions_for(language)

    assert {family_for(sign, regions) for sign in "。、「」！：（）"} == {family}
