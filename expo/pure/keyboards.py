"""Decoding the input of handheld scanners under any keyboard layout. Pure.

A handheld scanner simulates key presses for one layout, mostly the US one, but the device interprets them by its own
layout. The letters of a badge's text then arrive as others, with their case changed by Caps Lock, and between the
scanner's prefix and suffix. A table reverses each common layout; only the badge's signature proves which of the
resulting texts is right.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice, product
from typing import Any

from expo.pure.tokens import TEXT_LENGTH

LONGEST_TEXT = 400
SHORTEST_TEXT = 24  # a syllable of the Korean input method represents up to five keys
# A scanner may put a symbology identifier (`]Q1`) or a few other letters before the text.
_MAX_PREFIX = 4
_MAX_OTHER_LETTERS = 8
_MAX_WAYS = 64
_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
_GAP = " "
# The keys that a token needs, row by row: all layouts below use this order.
_KEYS = "QWERTYUIOP ASDFGHJKL ZXCVBNM 234567"


@dataclass(frozen=True)
class _Layout:
    """The characters on the keys: `rows` in the order of _KEYS, without and with Shift or Caps Lock.

    `pairs` are keys that produce two characters; `either` is one that can also be produced by two other keys.
    """

    rows: tuple[str, ...]
    pairs: Mapping[str, str] = field(default_factory=dict)
    either: tuple[str, str] | None = None
    is_decomposed: bool = False


_HANGUL_LAST = "R R RT S SW SG E F FR FA FQ FT FX FV FG A Q QT T T D W C Z X V G"
# The input method combines keys into syllables: vowels of two keys, and final consonants (U+11A8 to U+11C2).
_HANGUL = {
    "\u116a": "HK",
    "\u116b": "HO",
    "\u116c": "HL",
    "\u116f": "NJ",
    "\u1170": "NP",
    "\u1171": "NL",
    "\u1174": "ML",
    **{chr(0x11A8 + number): keys for number, keys in enumerate(_HANGUL_LAST.split())},
}

# German also covers Swiss, Austrian, Hungarian, Polish (214), Croatian, Slovenian, Romanian and Albanian; layouts not
# listed (British, Spanish, Italian, Portuguese, Nordic …) have these keys in the same places as the US layout.
_LAYOUTS: Mapping[str, _Layout] = {
    "US": _Layout(("QWERTYUIOP ASDFGHJKL ZXCVBNM 234567", "QWERTYUIOP ASDFGHJKL ZXCVBNM @#$%^&")),
    "German": _Layout(("QWERTZUIOP ASDFGHJKL YXCVBNM 234567", 'QWERTZUIOP ASDFGHJKL YXCVBNM "§$%&/')),
    "French": _Layout(("AZERTYUIOP QSDFGHJKL WXCVBN, é\"'(-è", "AZERTYUIOP QSDFGHJKL WXCVBN? 234567")),
    "Belgian": _Layout(("AZERTYUIOP QSDFGHJKL WXCVBN, é\"'(§è", "AZERTYUIOP QSDFGHJKL WXCVBN? 234567")),
    "French (bépo)": _Layout(("BÉPOÈ^VDLJ AUIE,CTSR ÀYX.K'Q «»()@+", "BÉPOÈ!VDLJ AUIE;CTSR ÀYX:K?Q 234567")),
    "Czech": _Layout(("QWERTZUIOP ASDFGHJKL YXCVBNM ěščřžý",)),
    "Czech (QWERTY)": _Layout(("QWERTYUIOP ASDFGHJKL ZXCVBNM ěščřžý",)),
    "Slovak": _Layout(("QWERTZUIOP ASDFGHJKL YXCVBNM ľščťžý",)),
    "Slovak (QWERTY)": _Layout(("QWERTYUIOP ASDFGHJKL ZXCVBNM ľščťžý",)),
    "Lithuanian": _Layout(("QWERTYUIOP ASDFGHJKL ZXCVBNM čęėįšų",)),
    "Turkish (F)": _Layout(("fgğıodrnhp uieaütkml jövcçzs 234567", "FGĞIODRNHP UİEAÜTKML JÖVCÇZS 234567")),
    "Vietnamese": _Layout(
        ("QWERTYUIOP ASDFGHJKL ZXCVBNM ...\u0300\u0309\u0303",),
        {each + "\u0302": key for each, key in zip("AEOaeo", "234234", strict=True)},
        is_decomposed=True,
    ),
    "Dvorak": _Layout(("',.PYFGCRL AOEUIDHTN ;QJKXBM 234567", '"<>PYFGCRL AOEUIDHTN :QJKXBM 234567')),
    "Colemak": _Layout(("QWFPGJLUY; ARSTDHNEI ZXCVBKM 234567", "QWFPGJLUY: ARSTDHNEI ZXCVBKM 234567")),
    "Russian": _Layout(("йцукенгшщз фывапролд ячсмить 234567", 'йцукенгшщз фывапролд ячсмить "№;%:?')),
    "Ukrainian": _Layout(("йцукенгшщз фівапролд ячсмить 234567",)),
    "Belarusian": _Layout(("йцукенгшўз фывапролд ячсмить 234567",)),
    "Kazakh": _Layout(("йцукенгшщз фывапролд ячсмить әіңғ,.",)),
    "Mongolian": _Layout(('фцужэнгшүз йыбөахрол ячёсмит -"₮:._',)),
    "Bulgarian": _Layout((",уеишщксдз ьяаожгтнв юйъэфхп 234567", "ыуеишщксдз ѝяаожгтнв юйъэфхп 234567")),
    "Bulgarian (phonetic)": _Layout(("чшертъуиоп асдфгхйкл зжцвбнм 234567",)),
    "Bulgarian (old phonetic)": _Layout(("явертъуиоп асдфгхйкл зьцжбнм 234567",)),
    "Serbian": _Layout(("љњертзуиоп асдфгхјкл ѕџцвбнм 234567",)),
    "Macedonian": _Layout(("љњертѕуиоп асдфгхјкл зџцвбнм 234567",)),
    "Greek": _Layout((";ςερτυθιοπ ασδφγηξκλ ζχψωβνμ 234567", ":΅ΕΡΤΥΘΙΟΠ ΑΣΔΦΓΗΞΚΛ ΖΧΨΩΒΝΜ 234567")),
    "Hebrew": _Layout(("/'קראטוןםפ שדגכעיחלך זסבהנמצ 234567",)),
    "Georgian": _Layout(("ქწერტყუიოპ ასდფგჰჯკლ ზხცვბნმ 234567", "ქჭეღთყუიოპ აშდფგჰჟკლ ძხჩვბნმ 234567")),
    "Arabic": _Layout(
        (
            "ضصثقفغعهخح شسيبلاتنم ئءؤرﻻىة 234567",
            "\u064e\u064b\u064f\u064c.إ‘÷×؛ \u0650\u064d][.أـ،/ ~\u0652}{.آ’ 234567",
        ),
        {"لإ": "T", "لأ": "G", "لآ": "B"},
        either=("لا", "B"),
    ),
    "Persian": _Layout(
        (
            "ضصثقفغعهخح شسیبلاتنم ظطزرذدپ 234567",
            "\u0652\u064c\u064d\u064b\u064f\u0650\u064e\u0651][ ؤئيإأآة«» ك\u0653ژ\u0670\u200c\u0654ء 234567",
        )
    ),
    "Hindi": _Layout(("ौैाीूबहगदज ोे्िुपरकत ॆंमनवलस 234567", "औऐआईऊभङघधझ ओएअइउफऱखथ ऎँणऩऴळश 234567")),
    "Thai": _Layout(("ๆไำพะัีรนย ฟหกดเ้่าส ผปแอิืท /-ภถุึ", '๐"ฎฑธํ๊ณฯญ ฤฆฏโฌ็๋ษศ ()ฉฮฺ์? 234567')),
    "Korean": _Layout(
        (
            "ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔ ㅁㄴㅇㄹㅎㅗㅓㅏㅣ ㅋㅌㅊㅍㅠㅜㅡ 234567",
            "ㅃㅉㄸㄲㅆㅛㅕㅑㅒㅖ ㅁㄴㅇㄹㅎㅗㅓㅏㅣ ㅋㅌㅊㅍㅠㅜㅡ 234567",
        ),
        _HANGUL,
        is_decomposed=True,
    ),
    "Japanese (kana)": _Layout(
        (
            "たていすかんなにらせ ちとしはきくまのり つさそひこみも ふあうえおや",
            "たてぃすかんなにらせ ちとしはきくまのり っさそひこみも ふぁぅぇぉゃ",
        )
    ),
    "Chinese (zhuyin)": _Layout(("ㄆㄊㄍㄐㄔㄗㄧㄛㄟㄣ ㄇㄋㄎㄑㄕㄘㄨㄜㄠ ㄈㄌㄏㄒㄖㄙㄩ ㄉˇˋㄓˊ˙",)),
}


def token_readings(text: str) -> Iterator[str]:
    """Yield the distinct badge texts that may have been scanned; the signature tells whether one is genuine.

    Only the effects of layouts, Caps Lock, input methods and scanners are reversed: a text that is cut short or has
    letters after its end yields nothing.
    """
    if not SHORTEST_TEXT <= len(text) <= LONGEST_TEXT:
        return
    text = _narrow(text)
    seen = set()
    for layout in _LAYOUTS.values():
        for keys in _read(layout, text):
            found = _find_token(keys)
            if found is not None and found not in seen:
                seen.add(found)
                yield found


def describe_layouts() -> list[dict[str, Any]]:
    """Return the tables of the layouts as plain values, for devices that read texts themselves."""
    return [
        {
            "chars": _CHAR_KEYS[id(layout)],
            "pairs": {shown: key for shown, key in layout.pairs.items() if len(shown) > 1},
            "either": layout.either,
            "is_decomposed": layout.is_decomposed,
        }
        for layout in _LAYOUTS.values()
    ]


def _narrow(text: str) -> str:
    """Return a text with the full-width letters of Chinese and Japanese input methods made half-width."""
    return "".join(unicodedata.normalize("NFKC", char) if "\uff01" <= char <= "\uff5e" else char for char in text)


def _keys_of(chars: Mapping[str, str], text: str) -> str:
    """Return the keys that produce a text; other scripts' digits count as digits if no key has them."""
    return "".join(chars.get(char) or chars.get(str(unicodedata.decimal(char, "")), _GAP) for char in text)


def _read(layout: _Layout, text: str) -> Iterator[str]:
    """Yield the keys that produce a text under a layout, with a gap for each character without a key."""
    if layout.is_decomposed:
        text = unicodedata.normalize("NFKD", text)
    chars = _CHAR_KEYS[id(layout)]
    for shown, key in layout.pairs.items():
        if len(shown) > 1:
            text = text.replace(shown, key)
    parts = [text]
    either = ""
    if layout.either is not None:
        shown, either = layout.either
        parts = text.split(shown)
    read = [_keys_of(chars, part) for part in parts]
    if len(read) == 1:
        yield read[0]
        return
    together = _keys_of(chars, layout.either[0]) if layout.either else ""
    for ways in islice(product((either, together), repeat=len(read) - 1), _MAX_WAYS):
        yield read[0] + "".join(way + part for way, part in zip(ways, read[1:], strict=True))


def _find_token(keys: str) -> str | None:
    """Return the letters that may be a badge's text: the end of the longest run, as nothing follows a token."""
    runs = keys.split(_GAP)
    longest = max(runs, key=len)
    if not TEXT_LENGTH <= len(longest) <= TEXT_LENGTH + _MAX_PREFIX:
        return None
    if sum(map(len, runs)) - len(longest) > _MAX_OTHER_LETTERS:
        return None
    return longest[-TEXT_LENGTH:]


def _char_keys(layout: _Layout) -> dict[str, str]:
    """Map characters to keys. Letters that a layout does not have map to themselves."""
    keys = _KEYS.replace(" ", "")
    shown = [
        (unicodedata.normalize("NFKD", char) if layout.is_decomposed else char, key)
        for row in layout.rows
        for char, key in zip(row.replace(" ", ""), keys, strict=True)
    ]
    chars: dict[str, str] = {}
    for char, key in shown:
        chars.setdefault(char, key)
    for char, key in shown:
        for other in (char.upper(), char.lower()):
            if len(other) == 1:
                chars.setdefault(other, key)
    chars |= {char: key for char, key in layout.pairs.items() if len(char) == 1}
    for letter in _LETTERS:
        chars.setdefault(letter, letter)
        chars.setdefault(letter.lower(), letter)
    return chars


_CHAR_KEYS = {id(layout): _char_keys(layout) for layout in _LAYOUTS.values()}
