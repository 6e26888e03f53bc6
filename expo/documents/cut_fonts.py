"""Rebuild the font files that papers are set in, from the published ones. Run by a person, seldom.

    python -m expo.documents.cut_fonts NOTO_FOLDER PACKAGES_FOLDER HANAZONO_FOLDER

NOTO_FOLDER holds the files of Debian's `fonts-noto-core`; PACKAGES_FOLDER holds the unpacked packages
`@expo-google-fonts/noto-sans-{sc,tc,jp,kr}` as `sc/package/…` and so on; HANAZONO_FOLDER holds `HanaMinB.ttf` of
Debian's `fonts-hanazono`. See `fonts/README.md`.
"""

import json
import sys
import unicodedata
from collections.abc import Iterable
from importlib.util import find_spec
from itertools import chain
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from pypinyin.pinyin_dict import pinyin_dict

FONTS = Path(__file__).parent / "fonts"

BOTH_WEIGHTS = ("", "Arabic", "Hebrew", "Devanagari", "Thai")
REGULAR_ONLY = (
    "Armenian", "Georgian", "Bengali", "Tamil", "Telugu", "Gujarati", "Gurmukhi", "Kannada", "Malayalam", "Sinhala",
    "Khmer", "Lao", "Myanmar", "Ethiopic", "Mongolian", "Yi", "Oriya", "Syriac", "Thaana", "NKo", "Tifinagh",
    "Cherokee",
)  # fmt: skip
# Noto draws Tibetan with serifs alone.
TIBETAN = "NotoSerifTibetan-Regular"
# Characters of names that no dictionary below has.
SEEN_IN_NAMES = "𠮷𠀋𡈽𣘺𦚰𠔿𡌛𡑮𢌞𣖔𣗄𣜿𣳾𤟱𥔎𥝱𧄍𨉷𨛗𨫤𩊠𩹉𩻩𪆐𪚲𠂉𡵅𡸴𢈘𣍲𣏐𣏒𣑊𣑋𣑥𣓤𣕚𣟧𣟿𣠤𣪘𣱿𣴀𣵀𣷓𣷹𣽾𤂖𤄃𤇆𤇾"
FIRST_BEYOND_16_BITS, FIRST_OF_EXTENSION_C = 0x10000, 0x2A700
# Punctuation and full-width forms, which each East Asian font draws in its own way.
EAST_ASIAN_PUNCTUATION = (*range(0x3000, 0x3040), *range(0xFF00, 0xFFF0), *range(0x2010, 0x2030), *range(0x20, 0x7F))


def cut_all(noto: Path, packages: Path, hanazono: Path) -> None:
    """Write every font file and `coverage.json`, which says what characters each of them has."""
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
    coverage["HanaMinB-Regular"] = _cut(hanazono / "HanaMinB.ttf", FONTS / "HanaMinB-Regular.ttf", rare_ideographs())
    lines = (f"{json.dumps(name)}: {json.dumps(ranges)}" for name, ranges in coverage.items())
    (FONTS / "coverage.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="ascii")


def _east_asian_sets() -> dict[str, set[int] | None]:
    """Return the characters to keep for each region; None keeps all."""
    hangul = chain(range(0x1100, 0x1200), range(0x3130, 0x3190), range(0xA960, 0xA980), range(0xAC00, 0xD800))
    kana = chain(range(0x3040, 0x3100), range(0x31F0, 0x3200))
    return {
        "SC": None,
        "TC": {*_characters_of("big5hkscs"), *EAST_ASIAN_PUNCTUATION},
        "JP": {*_characters_of("euc_jisx0213"), *_characters_of("euc_jp"), *kana, *EAST_ASIAN_PUNCTUATION},
        "KR": {*hangul, *EAST_ASIAN_PUNCTUATION},
    }


def rare_ideographs() -> set[int]:
    """Return the characters of CJK extensions B to F that names are written with.

    They are those that traditional and simplified characters, compatibility forms and readings lead to: all 60,000
    would take 30 MB.
    """
    dictionaries = Path(str(find_spec("opencc").submodule_search_locations[0])) / "dictionary"  # type: ignore[union-attr,index]
    texts = "".join(each.read_text("utf-8") for each in sorted(dictionaries.glob("*.txt")))
    composed = "".join(unicodedata.normalize("NFC", chr(code)) for code in range(0x2F800, 0x2FA20))
    read = (code for code in pinyin_dict if code >= FIRST_OF_EXTENSION_C)
    return {ord(sign) for sign in texts + composed + SEEN_IN_NAMES if ord(sign) >= FIRST_BEYOND_16_BITS} | set(read)


def _characters_of(encoding: str) -> Iterable[int]:
    """Return every character that an East Asian encoding can write."""
    for code in range(0x3000, 0x30000):
        try:
            chr(code).encode(encoding)
        except UnicodeEncodeError:
            continue
        yield code


def _cut(source: Path, target: Path, wanted: set[int] | None) -> str:
    """Write `source` with the wanted characters only and without hints; return the ranges it now has, in hex."""
    font = TTFont(source)
    options = Options()
    options.hinting = False
    options.notdef_outline = True
    options.name_IDs = ["*"]
    # Shaping features stay; those for vertical lines and for variants that nobody asks for would triple the file.
    if wanted is not None or "SC" in source.name:
        options.layout_features = ["ccmp", "kern", "locl", "mark", "mkmk", "ljmo", "vjmo", "tjmo", "liga"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=wanted if wanted is not None else font.getBestCmap())
    subsetter.subset(font)
    font.save(target)
    return _ranges(sorted(font.getBestCmap()))


def _ranges(codes: list[int]) -> str:
    """Return sorted numbers as `20-7E A0 A2-FF`."""
    parts = []
    start = previous = codes[0]
    for code in [*codes[1:], sys.maxunicode + 1]:
        if code != previous + 1:
            parts.append(f"{start:X}" if start == previous else f"{start:X}-{previous:X}")
            start = code
        previous = code
    return " ".join(parts)


if __name__ == "__main__":
    cut_all(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))
