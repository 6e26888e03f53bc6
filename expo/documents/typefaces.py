"""Typefaces of printed documents: their character coverage, and how they shape a run.

A typeface is read from its file when first needed and cached for the process. Coverage is known in advance from
`fonts/coverage.json`, so that checking whether a text can be printed reads no font.
"""

import json
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from threading import RLock
from typing import Any, NamedTuple

import uharfbuzz
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

FONTS = Path(__file__).parent / "fonts"

LATIN = "NotoSans"
_SCRIPTS = (
    LATIN, "NotoSansArabic", "NotoSansHebrew", "NotoSansDevanagari", "NotoSansThai", "NotoSansArmenian",
    "NotoSansGeorgian", "NotoSansBengali", "NotoSansTamil", "NotoSansTelugu", "NotoSansGujarati", "NotoSansGurmukhi",
    "NotoSansKannada", "NotoSansMalayalam", "NotoSansSinhala", "NotoSansKhmer", "NotoSansLao", "NotoSansMyanmar",
    "NotoSansEthiopic", "NotoSerifTibetan", "NotoSansMongolian", "NotoSansYi", "NotoSansOriya", "NotoSansSyriac",
    "NotoSansThaana", "NotoSansNKo", "NotoSansTifinagh", "NotoSansCherokee", "NotoSansAdlam", "NotoSansBalinese",
    "NotoSansBamum", "NotoSansBatak", "NotoSansBuginese", "NotoSansBuhid", "NotoSansCanadianAboriginal",
    "NotoSansChakma", "NotoSansCham", "NotoSansCoptic", "NotoSansHanifiRohingya", "NotoSansHanunoo", "NotoSansJavanese",
    "NotoSansKayahLi", "NotoSansLepcha", "NotoSansLimbu", "NotoSansLisu", "NotoSansMandaic", "NotoSansMeeteiMayek",
    "NotoSansMiao", "NotoSansMro", "NotoSansNewTaiLue", "NotoSansNewa", "NotoSansNushu", "NotoSansOlChiki",
    "NotoSansOsage", "NotoSansOsmanya", "NotoSansPahawhHmong", "NotoSansPhagsPa", "NotoSansRejang",
    "NotoSansSamaritan", "NotoSansSaurashtra", "NotoSansSoraSompeng", "NotoSansSundanese", "NotoSansSylotiNagri",
    "NotoSansTagalog", "NotoSansTagbanwa", "NotoSansTaiLe", "NotoSansTaiTham", "NotoSansTaiViet", "NotoSansVai",
    "NotoSansWancho", "NotoSansWarangCiti",
)  # fmt: skip
# Characters that the regional typefaces do not have.
_RARE = ("ExpoHanB", "ExpoHanCDEF")
EAST_ASIAN = frozenset({"NotoSansSC", "NotoSansTC", "NotoSansJP", "NotoSansKR", *_RARE})
# 骨 and 直 differ between regions, so the reader's language decides which forms come first.
_REGIONS = {
    "zh-hans": ("NotoSansSC", "NotoSansTC", "NotoSansJP", "NotoSansKR"),
    "zh-hant": ("NotoSansTC", "NotoSansSC", "NotoSansJP", "NotoSansKR"),
    "ja": ("NotoSansJP", "NotoSansSC", "NotoSansTC", "NotoSansKR"),
    "ko": ("NotoSansKR", "NotoSansJP", "NotoSansSC", "NotoSansTC"),
}
# Typefaces of other scripts have some of these too, placed as their own script needs them.
_FIRST_IDEOGRAPHIC_SIGN, _LAST_IDEOGRAPHIC_SIGN = "\u3000", "\u303f"
_FIRST_FULL_WIDTH, _LAST_FULL_WIDTH = "\uff00", "\uffef"
_TRADITIONAL = ("zh-hant", "zh-tw", "zh-hk", "zh-mo", "yue")
# No discretionary ligatures: "dlig" would print vowel signs that were not typed.
_FEATURES = {"kern": True, "liga": True, "dlig": False}
# The replacement character of damaged text: Noto has a glyph for it, but no name contains it.
REPLACEMENT = "\ufffd"
_FIRST_PRIVATE_CODE = 0xE000
_LAST_PRIVATE_CODE = 0xF8FF

# ReportLab's font objects and the tables below are shared by all threads of the process.
fonts_lock = RLock()


class Glyph(NamedTuple):
    """One glyph of a shaped run, in thousandths of the size; `code` is the character that represents it in the PDF."""

    code: int
    cluster: int
    advance: float
    x_offset: float
    y_offset: float
    width: float


@dataclass(frozen=True)
class Coverage:
    """Sorted ranges of characters."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def has(self, code: int) -> bool:
        """Return whether the character is in one of the ranges."""
        place = bisect_right(self.starts, code) - 1
        return place >= 0 and code <= self.ends[place]


class Typeface:
    """One font file, ready to measure, shape and draw with."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.font = TTFont(name, str(FONTS / f"{name}.ttf"), asciiReadable=False)
        self.widths: dict[int, float] = self.font.face.charWidths
        self._shaper = uharfbuzz.Font(self.font.hbFace)
        self._shaper.scale = (1000, 1000)
        self._codes: dict[int, int] = {}
        self._next_private = _FIRST_PRIVATE_CODE
        pdfmetrics.registerFont(self.font)

    def shape(self, text: str, language: str, *, right_to_left: bool) -> list[Glyph]:
        """Return the glyphs of a run in visual order, left to right."""
        buffer = uharfbuzz.Buffer()
        buffer.cluster_level = uharfbuzz.BufferClusterLevel.MONOTONE_GRAPHEMES
        buffer.add_str(text)
        # With the direction set, HarfBuzz mirrors brackets itself.
        buffer.direction = "rtl" if right_to_left else "ltr"
        buffer.language = language
        buffer.guess_segment_properties()
        uharfbuzz.shape(self._shaper, buffer, _FEATURES)
        glyphs = []
        for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            code = self._code_of(info.codepoint, ord(text[info.cluster]))
            glyphs.append(
                Glyph(
                    code,
                    info.cluster,
                    position.x_advance,
                    position.x_offset,
                    position.y_offset,
                    self.widths.get(code, self.font.face.defaultWidth),
                )
            )
        return glyphs

    def _code_of(self, glyph: int, typed: int) -> int:
        """Return a character that ReportLab draws as this glyph: the typed one, another, or a private-use one."""
        face = self.font.face
        if face.charToGlyph.get(typed) == glyph:
            return typed
        if glyph in face.glyphToChar:
            return int(face.glyphToChar[glyph][0])
        code = self._codes.get(glyph)
        if code is None:
            with fonts_lock:
                code = self._codes.get(glyph) or self._add_private(glyph)
        return code

    def _add_private(self, glyph: int) -> int:
        face = self.font.face
        code = self._next_private
        while code in face.charToGlyph:
            code += 1
        if code > _LAST_PRIVATE_CODE:
            raise OverflowError(f"{self.name} has no private code left")
        self._next_private = code + 1
        face.charToGlyph[code] = glyph
        face.charWidths[code] = self._shaper.get_glyph_h_advance(glyph)
        self._codes[glyph] = code
        return code


@cache
def _coverages() -> dict[str, Coverage]:
    """Return the coverage of each font file, by file name without extension."""
    ranges: dict[str, str] = json.loads((FONTS / "coverage.json").read_text("ascii"))
    return {name: _read_ranges(text) for name, text in ranges.items()}


def _read_ranges(text: str) -> Coverage:
    pairs = [part.partition("-") for part in text.split()]
    return Coverage(
        starts=tuple(int(start, 16) for start, _, _ in pairs),
        ends=tuple(int(end or start, 16) for start, _, end in pairs),
    )


def regions_for(language: str) -> tuple[str, ...]:
    """Return the East Asian families in the order preferred by readers of this language."""
    language = language.lower().replace("_", "-")
    if language.startswith(_TRADITIONAL):
        return _REGIONS["zh-hant"]
    return _REGIONS.get(language[:2], _REGIONS["zh-hans"])


@lru_cache(maxsize=65_536)
def family_for(character: str, regions: tuple[str, ...]) -> str | None:
    """Return the family that draws this character, or None if none of our typefaces has it."""
    if character == REPLACEMENT:
        return None
    families = (*regions, *_SCRIPTS) if _is_east_asian_symbol(character) else (*_SCRIPTS, *regions)
    for family in (*families, *_RARE):
        if has_character(family, character):
            return family
    return None


def _is_east_asian_symbol(character: str) -> bool:
    return (
        _FIRST_IDEOGRAPHIC_SIGN <= character <= _LAST_IDEOGRAPHIC_SIGN
        or _FIRST_FULL_WIDTH <= character <= _LAST_FULL_WIDTH
    )


def has_character(family: str, character: str) -> bool:
    """Return whether the family has a glyph for the character."""
    return _coverages()[f"{family}-Regular"].has(ord(character))


def has_bold(family: str) -> bool:
    """Return whether a bold file exists; the others are emboldened by stroking the outline."""
    return f"{family}-Bold" in _coverages()


@cache
def _load(name: str) -> Typeface:
    return Typeface(name)


def typeface(name: str) -> Typeface:
    """Return the typeface of a font file, read on first use."""
    with fonts_lock:
        return _load(name)


def all_names() -> tuple[str, ...]:
    """Return the names of all font files, for checking that they are present."""
    return tuple(_coverages())


def check_fonts() -> list[str]:
    """Return the names of font files that are missing or cannot be read; empty when all is well."""
    broken = []
    for name in all_names():
        try:
            header: Any = (FONTS / f"{name}.ttf").read_bytes()[:4]
        except OSError:
            header = b""
        if header != b"\x00\x01\x00\x00":
            broken.append(name)
    return broken
