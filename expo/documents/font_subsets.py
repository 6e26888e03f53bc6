"""Rebuild the font files for printed documents from the published ones. Run manually, rarely.

    python -m expo.documents.font_subsets NOTO_FOLDER PACKAGES_FOLDER HANAZONO_FOLDER

NOTO_FOLDER contains the files of Debian's `fonts-noto-core`; PACKAGES_FOLDER the unpacked packages
`@expo-google-fonts/noto-sans-{sc,tc,jp,kr}` as `sc/package/…` and so on; HANAZONO_FOLDER `HanaMinB.ttf` of
Debian's `fonts-hanazono`. See `fonts/README.md`.
"""

import json
import math
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from itertools import chain
from pathlib import Path

from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from pypinyin.pinyin_dict import pinyin_dict

FONTS = Path(__file__).parent / "fonts"

BOTH_WEIGHTS = ("", "Arabic", "Hebrew", "Devanagari", "Thai")
REGULAR_ONLY = (
    "Armenian", "Georgian", "Bengali", "Tamil", "Telugu", "Gujarati", "Gurmukhi", "Kannada", "Malayalam", "Sinhala",
    "Khmer", "Lao", "Myanmar", "Ethiopic", "Mongolian", "Yi", "Oriya", "Syriac", "Thaana", "NKo", "Tifinagh",
    "Cherokee", "Adlam", "Balinese", "Bamum", "Batak", "Buginese", "Buhid", "CanadianAboriginal", "Chakma", "Cham",
    "Coptic", "HanifiRohingya", "Hanunoo", "Javanese", "KayahLi", "Lepcha", "Limbu", "Lisu", "Mandaic", "MeeteiMayek",
    "Miao", "Mro", "NewTaiLue", "Newa", "Nushu", "OlChiki", "Osage", "Osmanya", "PahawhHmong", "PhagsPa", "Rejang",
    "Samaritan", "Saurashtra", "SoraSompeng", "Sundanese", "SylotiNagri", "Tagalog", "Tagbanwa", "TaiLe", "TaiTham",
    "TaiViet", "Vai", "Wancho", "WarangCiti",
)  # fmt: skip
# Noto has Tibetan only with serifs.
TIBETAN = "NotoSerifTibetan-Regular"
# Characters of names that no dictionary below has.
SEEN_IN_NAMES = "𠮷𠀋𡈽𣘺𦚰𠔿𡌛𡑮𢌞𣖔𣗄𣜿𣳾𤟱𥔎𥝱𧄍𨉷𨛗𨫤𩊠𩹉𩻩𪆐𪚲𠂉𡵅𡸴𢈘𣍲𣏐𣏒𣑊𣑋𣑥𣓤𣕚𣟧𣟿𣠤𣪘𣱿𣴀𣵀𣷓𣷹𣽾𤂖𤄃𤇆𤇾"
FIRST_OF_EXTENSION_B, FIRST_OF_EXTENSION_C, LAST_OF_EXTENSION_F = 0x20000, 0x2A700, 0x2EBEF
SPACE = {0x20}
# The largest error allowed when simplifying outlines, in units of 1/1,024 em.
TOLERANCE = 3
COPYRIGHT, FAMILY, UNIQUE_ID, FULL_NAME, POSTSCRIPT_NAME, DESCRIPTION, LICENSE, LICENSE_URL = 0, 1, 3, 4, 6, 10, 13, 14
HANAZONO_COPYRIGHT = "Copyright (c) 2011, GlyphWiki Project (kamichi@fonts.jp)"
HANAZONO_ORIGIN = "Cut from a font of the GlyphWiki Project, http://fonts.jp/hanazono/"
OFL = "This Font Software is licensed under the SIL Open Font License, Version 1.1."
OFL_URL = "https://openfontlicense.org"
# Punctuation and full-width forms, which differ between the East Asian fonts.
EAST_ASIAN_PUNCTUATION = (*range(0x3000, 0x3040), *range(0xFF00, 0xFFF0), *range(0x2010, 0x2030), *range(0x20, 0x7F))


def subset_fonts(noto: Path, packages: Path, hanazono: Path) -> None:
    """Write every font file, and `coverage.json` with the characters of each."""
    coverage = {}
    for script in (*BOTH_WEIGHTS, *REGULAR_ONLY):
        for weight in ("Regular", "Bold") if script in BOTH_WEIGHTS else ("Regular",):
            name = f"NotoSans{script}-{weight}"
            coverage[name] = _cut(noto / f"{name}.ttf", FONTS / f"{name}.ttf", None)
    coverage[TIBETAN] = _cut(noto / f"{TIBETAN}.ttf", FONTS / f"{TIBETAN}.ttf", None)
    for region, wanted in _east_asian_sets().items():
        source = packages / region.lower() / "package" / "400Regular" / f"NotoSans{region}_400Regular.ttf"
        name = f"NotoSans{region}-Regular"
        coverage[name] = _cut(source, FONTS / f"{name}.ttf", wanted)
    regional = {code for region in ("SC", "TC", "JP") for code in _codes_of(FONTS / f"NotoSans{region}-Regular.ttf")}
    for name, codes in rare_ideographs().items():
        target = FONTS / f"{name}-Regular.ttf"
        coverage[f"{name}-Regular"] = _cut(hanazono / "HanaMinB.ttf", target, codes - regional | SPACE, family=name)
    lines = (f"{json.dumps(name)}: {json.dumps(ranges)}" for name, ranges in coverage.items())
    (FONTS / "coverage.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="ascii")


def _east_asian_sets() -> dict[str, set[int] | None]:
    """Return the characters to retain for each region; None retains all."""
    hangul = chain(range(0x1100, 0x1200), range(0x3130, 0x3190), range(0xA960, 0xA980), range(0xAC00, 0xD800))
    kana = chain(range(0x3040, 0x3100), range(0x31F0, 0x3200))
    return {
        "SC": None,
        "TC": {*_characters_of("big5hkscs"), *EAST_ASIAN_PUNCTUATION},
        "JP": {*_characters_of("euc_jisx0213"), *_characters_of("euc_jp"), *kana, *EAST_ASIAN_PUNCTUATION},
        "KR": {*hangul, *EAST_ASIAN_PUNCTUATION},
    }


def _codes_of(font: Path) -> set[int]:
    """Return the characters that a font file has."""
    with TTFont(font, lazy=True) as read:
        return set(read.getBestCmap())


def rare_ideographs() -> dict[str, set[int]]:
    """Return the characters of CJK extensions B to F that are used in names, by the family they are assigned to.

    Extension B is limited to characters with a traditional, simplified or compatibility form or a reading: the other
    26,000 would take another 10 MB. The later extensions are complete.
    """
    dictionaries = Path(str(find_spec("opencc").submodule_search_locations[0])) / "dictionary"  # type: ignore[union-attr,index]
    texts = "".join(each.read_text("utf-8") for each in sorted(dictionaries.glob("*.txt")))
    composed = "".join(unicodedata.normalize("NFC", chr(code)) for code in range(0x2F800, 0x2FA20))
    known = {ord(sign) for sign in texts + composed + SEEN_IN_NAMES} | set(pinyin_dict)
    return {
        "ExpoHanB": {code for code in known if FIRST_OF_EXTENSION_B <= code < FIRST_OF_EXTENSION_C},
        "ExpoHanCDEF": set(range(FIRST_OF_EXTENSION_C, LAST_OF_EXTENSION_F + 1)),
    }


def _characters_of(encoding: str) -> Iterable[int]:
    """Return every character that an East Asian encoding can represent."""
    for code in range(0x3000, 0x30000):
        try:
            chr(code).encode(encoding)
        except UnicodeEncodeError:
            continue
        yield code


def _cut(source: Path, target: Path, wanted: set[int] | None, family: str = "") -> str:
    """Write `source` with only the wanted characters and without hints; return its character ranges in hex.

    `family` renames the subset of a font whose name is reserved for the original (OFL 1.1, condition 3).
    """
    font = TTFont(source)
    options = Options()
    options.hinting = False
    options.notdef_outline = True
    options.name_IDs = ["*"]
    # Shaping features stay; features for vertical text and unused variants would triple the file.
    if wanted is not None or "SC" in source.name:
        options.layout_features = ["ccmp", "kern", "locl", "mark", "mkmk", "ljmo", "vjmo", "tjmo", "liga"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=wanted if wanted is not None else font.getBestCmap())
    subsetter.subset(font)
    if family:
        _rename(font, family)
        _simplify_outlines(font)
    font.save(target)
    return _ranges(sorted(font.getBestCmap()))


def _rename(font: TTFont, family: str) -> None:
    """Rename a font cut from Hanazono, and record its authors and licence in it."""
    names = font["name"]
    version = names.getDebugName(5)
    names.names = []
    for number, text in {
        COPYRIGHT: HANAZONO_COPYRIGHT,
        FAMILY: family,
        2: "Regular",
        UNIQUE_ID: f"{family} {version}",
        FULL_NAME: f"{family} Regular",
        5: version,
        POSTSCRIPT_NAME: f"{family}-Regular",
        DESCRIPTION: HANAZONO_ORIGIN,
        LICENSE: OFL,
        LICENSE_URL: OFL_URL,
    }.items():
        names.setName(text, number, 3, 1, 0x409)


def _simplify_outlines(font: TTFont) -> None:
    """Remove points that hardly change the outline: Hanazono draws curves as many short lines."""
    glyphs = font["glyf"]
    for name in font.getGlyphOrder():
        glyph = glyphs[name]
        if glyph.isComposite() or glyph.numberOfContours <= 0:
            continue
        coordinates, ends, _flags = glyph.getCoordinates(glyphs)
        pen = TTGlyphPen(None)
        start = 0
        for end in ends:
            points = _simplified(list(coordinates[start : end + 1]))
            start = end + 1
            if len(points) > 2:  # noqa: PLR2004 - two points have no area
                pen.moveTo(points[0])
                for point in points[1:]:
                    pen.lineTo(point)
                pen.closePath()
        glyphs[name] = pen.glyph()


def _simplified(points: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return a closed line with fewer points, by the algorithm of Ramer, Douglas and Peucker."""
    farthest = max(range(len(points)), key=lambda at: math.dist(points[at], points[0]))
    kept = {0, farthest}
    stretches = [(0, farthest), (farthest, len(points))]
    while stretches:
        first, last = stretches.pop()
        if last - first < 2:  # noqa: PLR2004 - no point in between
            continue
        ends = points[first], points[last % len(points)]
        distance, at = max((_distance(points[at], *ends), at) for at in range(first + 1, last))
        if distance > TOLERANCE:
            kept.add(at)
            stretches += [(first, at), (at, last)]
    return [points[at] for at in sorted(kept)]


def _distance(point: tuple[int, int], start: tuple[int, int], end: tuple[int, int]) -> float:
    """Return the distance of a point from the line through two others."""
    length = math.dist(start, end)
    if length == 0:
        return math.dist(point, start)
    along = ((point[0] - start[0]) * (end[0] - start[0]) + (point[1] - start[1]) * (end[1] - start[1])) / length**2
    along = min(max(along, 0), 1)
    nearest = (start[0] + along * (end[0] - start[0]), start[1] + along * (end[1] - start[1]))
    return math.dist(point, nearest)


def _ranges(codes: list[int]) -> str:
    """Format sorted numbers as ranges: `20-7E A0 A2-FF`."""
    parts = []
    start = previous = codes[0]
    for code in [*codes[1:], sys.maxunicode + 1]:
        if code != previous + 1:
            parts.append(f"{start:X}" if start == previous else f"{start:X}-{previous:X}")
            start = code
        previous = code
    return " ".join(parts)


if __name__ == "__main__":
    subset_fonts(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))
