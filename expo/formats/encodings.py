"""Detection of a text's encoding: certain for UTF-8 and UTF-16, otherwise the most plausible, for a person to confirm.

Each encoding that can decode the bytes gives different letters. A decoding is as likely as its words are in one of the
languages that use the encoding (`letters`), and the likeliest is proposed. All decodings explain the same bytes, so
their likelihoods can be compared, even for lists of three names.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass

from expo.formats.errors import BadFile
from expo.formats.letters import languages

# The choices offered, most used first.
ENCODINGS = (
    "utf-8", "gb18030", "cp1252", "cp932", "cp949", "big5hkscs", "cp1251", "cp1256", "cp1250", "cp1254", "cp1253",
    "cp1255", "cp1257", "cp874", "cp1258", "euc_jp", "iso2022_jp", "koi8_r", "koi8_u", "cp866", "iso8859_2",
    "iso8859_5", "iso8859_6", "iso8859_7", "iso8859_8", "iso8859_13", "iso8859_15", "mac_roman", "mac_latin2",
    "mac_cyrillic", "cp850", "cp852", "utf-16", "utf-16-le", "utf-16-be",
)  # fmt: skip
_WESTERN = ("de", "fr", "es", "pt", "it", "nl", "sv", "da", "nb", "fi", "is")
_CENTRAL = ("pl", "cs", "sk", "hu", "ro", "hr", "sl", "de")
_CYRILLIC = ("ru", "uk", "bg", "be", "sr", "mk")
_BALTIC = ("lt", "lv", "et")
# The languages that use an encoding, and its penalty: few programs write the older encodings today.
_USES: dict[str, tuple[tuple[str, ...], float]] = {
    "gb18030": (("zh_Hans",), 0), "cp1252": ((*_WESTERN, "et"), 0), "cp932": (("ja",), 0), "cp949": (("ko",), 0),
    "big5hkscs": (("zh_Hant",), 0), "cp1251": (_CYRILLIC, 0), "cp1256": (("ar", "fa"), 0), "cp1250": (_CENTRAL, 0),
    "cp1254": (("tr",), 0.5), "cp1253": (("el",), 0), "cp1255": (("he",), 0), "cp1257": (_BALTIC, 0.5),
    "cp874": (("th",), 0), "cp1258": (("vi",), 0.5), "euc_jp": (("ja",), 2), "koi8_r": (("ru",), 2),
    "koi8_u": (("uk",), 2), "cp866": (("ru", "bg"), 3), "iso8859_2": (_CENTRAL, 1.5), "iso8859_5": (_CYRILLIC, 3),
    "iso8859_6": (("ar",), 3), "iso8859_7": (("el",), 1.5), "iso8859_8": (("he",), 1.5), "iso8859_13": (_BALTIC, 2),
    "iso8859_15": ((*_WESTERN, "et"), 1.5), "mac_roman": (_WESTERN, 3), "mac_latin2": (_CENTRAL, 4),
    "mac_cyrillic": (_CYRILLIC, 4), "cp850": (_WESTERN, 3), "cp852": (_CENTRAL, 3.5),
}  # fmt: skip
_SAMPLE = 64 * 1024
_MAX_WORDS = 400
# The penalty for a word in a different language of the same encoding.
_OTHER_LANGUAGE = 3.0
_SEEN_PLACE = 4.0
# Encodings closer than this count as equally likely.
_CLOSE = 1.0
# Candidates further than this behind the best are not offered.
_IMPLAUSIBLE = 30.0
_MAX_CANDIDATES = 5
_SAMPLE_WORDS = 4
# Words that indicate a language: its countries, their domains and cities.
_PLACES = {
    "pl": r"pl|poland|polska|warszawa|warsaw", "cs": r"cz|czechia|czech republic|praha|prague",
    "sk": r"sk|slovakia|slovensko|bratislava", "hu": r"hu|hungary|budapest", "ro": r"ro|md|romania|bucuresti",
    "hr": r"hr|ba|croatia|hrvatska|zagreb", "sl": r"si|slovenia|slovenija|ljubljana",
    "de": r"de|at|ch|li|germany|deutschland|austria|switzerland|gmbh|berlin|wien",
    "fr": r"fr|be|ch|lu|france|belgium|paris|sarl", "nl": r"nl|be|netherlands",
    "es": r"es|mx|ar|co|cl|pe|spain|mexico|argentina|colombia|chile|peru|madrid", "pt": r"pt|br|portugal|brazil|lisboa",
    "it": r"it|ch|italy|italia|milano|roma", "da": r"dk|denmark|danmark", "nb": r"no|norway|norge|oslo",
    "sv": r"se|fi|sweden|sverige|stockholm", "fi": r"fi|finland|suomi|helsinki", "is": r"is|iceland|reykjavik",
    "tr": r"tr|turkey|turkiye|istanbul|ankara", "lt": r"lt|lithuania|vilnius", "lv": r"lv|latvia|riga",
    "et": r"ee|estonia|tallinn", "ru": r"ru|russia|moscow", "uk": r"ua|ukraine|kyiv|kiev", "bg": r"bg|bulgaria|sofia",
    "be": r"by|belarus|minsk", "sr": r"rs|me|serbia|belgrade", "mk": r"mk|macedonia|skopje",
    "el": r"gr|cy|greece|cyprus|athens", "he": r"il|israel|tel aviv",
    "ar": r"sa|ae|eg|iq|sy|jo|lb|ma|dz|tn|kw|qa|om|saudi arabia|egypt|iraq|jordan|lebanon|morocco|kuwait|qatar|dubai",
    "fa": r"ir|iran|tehran", "th": r"th|thailand|bangkok", "vi": r"vn|vietnam|viet nam|hanoi",
    "ja": r"jp|japan|tokyo|osaka", "ko": r"kr|korea|seoul|busan",
    "zh_Hant": r"tw|hk|mo|taiwan|hong kong|taipei|macau|macao",
    "zh_Hans": r"cn|china|beijing|shanghai|guizhou|guiyang|shenzhen",
}  # fmt: skip
# Bytes that are neither a letter nor the second half of a character in any encoding.
_WORD = re.compile(rb"[^\x00-\x26\x28-\x2c\x2f-\x3f]*[\x80-\xff][^\x00-\x26\x28-\x2c\x2f\x3a-\x3f]*")
_MIXED = "utf-8/"
_MAX_BROKEN = 0.02
_BROKEN_SIGN = 6.0
# UTF-8 that a program mistook for Windows-1252 and encoded as UTF-8 again: `MÃ¼ller`.
_TWICE = "utf-8-twice"
# Fewer byte pairs than this may look like UTF-8 by chance.
_MIN_CHARS = 2


@dataclass(frozen=True)
class Candidate:
    """An encoding that a file may be in, with words of the file decoded with it."""

    encoding: str
    sample: tuple[str, ...]


def is_known_encoding(name: str) -> bool:
    """Return whether an encoding of this name is supported."""
    return name == _TWICE or name.removeprefix(_MIXED) in ENCODINGS


def decode_text(data: bytes) -> str:
    """Decode a file in its most plausible encoding. Raises BadFile."""
    encoding, _ = detect_encoding(data)
    return decode_as(data, encoding)


def decode_as(data: bytes, encoding: str) -> str:
    """Decode a text in the encoding that was detected or chosen. Raises BadFile `file_not_in_encoding`.

    `utf-8/cp1252` reads lines that are not UTF-8 as Windows-1252, for files concatenated from two. A few broken bytes
    become U+FFFD, so that callers can refuse only those rows.
    """
    try:
        if encoding == _TWICE:
            return _undo_second_encoding(data.decode("utf-8-sig"))
        if encoding.startswith(_MIXED):
            return _decode_by_line(data, encoding.removeprefix(_MIXED))
        text = data.decode("utf-8-sig" if encoding == "utf-8" else encoding, "replace")
    except (UnicodeError, LookupError):
        raise BadFile("file_not_in_encoding", encoding=encoding[:40]) from None
    if _is_broken(text, data):
        raise BadFile("file_not_in_encoding", encoding=encoding[:40])
    return text


def detect_encoding(data: bytes) -> tuple[str, bool]:
    """Return the encoding of a text and whether it is certain (by a byte order mark or well-formed UTF-8).

    Raises BadFile for a file that is not text.
    """
    encoding, is_certain = _marked_encoding(data)
    return (encoding, is_certain) if encoding else (list_candidates(data)[0].encoding, False)


def list_candidates(data: bytes) -> list[Candidate]:
    """Return the encodings that a text may be in, likeliest first, without those that decode to the same words.

    Raises BadFile if none can decode it.
    """
    encoding, _ = _marked_encoding(data)
    words = _words(data)
    if encoding == _TWICE:
        return [Candidate(encoding, _sample_of(words, encoding)), Candidate("utf-8", _sample_of(words, "utf-8"))]
    if encoding:
        return [Candidate(encoding, ())]
    if mixed := _mixed_encoding(data):
        return [Candidate(mixed, _sample_of(words, mixed))]
    scores = sorted(_scores(data, words).items(), key=lambda each: -each[1])
    if not scores:
        raise BadFile("file_encoding")
    found: dict[tuple[str, ...], Candidate] = {}
    for name, score in scores:
        if scores[0][1] - score < _IMPLAUSIBLE and len(found) < _MAX_CANDIDATES:
            sample = _sample_of(words, name)
            found.setdefault(sample, Candidate(_commonest(name, words, dict(scores)), sample))
    return list(found.values())


def _marked_encoding(data: bytes) -> tuple[str, bool]:
    """Return the encoding evident from the bytes, and whether it is certain; empty if the letters must decide."""
    if data.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        return "utf-32", True
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16", True
    if b"\x00" in data[:4096]:
        return _utf_16_without_mark(data), False
    if re.search(rb"\x1b\$[@B]|\x1b\(J", data[:_SAMPLE]):
        return "iso2022_jp", False
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "", False
    return (_TWICE, False) if _is_encoded_twice(text) else ("utf-8", True)


def _is_broken(text: str, data: bytes) -> bool:
    """Return whether a text is more broken than a cell cut within a character or a stray byte explains."""
    broken = text.count("\ufffd")
    return broken > 0 and broken > max(1, sum(char >= "\x80" for char in text) * _MAX_BROKEN) + data.count(
        b"\xef\xbf\xbd"
    )


def _scores(data: bytes, words: Counter[bytes]) -> dict[str, float]:
    """Return the log-likelihood of each encoding that can decode the whole file."""
    text = data[:_SAMPLE].decode("ascii", "ignore").casefold()
    places = {name for name, pattern in _PLACES.items() if re.search(rf"(?<![a-z])(?:{pattern})(?![a-z.@])", text)}
    scores = {
        encoding: _likelihood(words, encoding, used_for, places) - unusual - broken * _BROKEN_SIGN
        for encoding, (used_for, unusual) in _USES.items()
        if (broken := _count_broken(data, encoding)) is not None
    }
    close = [name for name, score in scores.items() if max(scores.values()) - score < _CLOSE]
    if len(close) > 1 and (preferred := _ask_library(data, close)) in close:
        scores[preferred] += _CLOSE / 2
    return scores


def _count_broken(data: bytes, encoding: str) -> int | None:
    """Return the number of broken characters in an encoding; None if there are too many for it to be the right one."""
    text = data[: _SAMPLE * 4].decode(encoding, "replace")
    return None if _is_broken(text, b"") else text.count("\ufffd")


def _likelihood(words: Counter[bytes], encoding: str, used_for: tuple[str, ...], places: set[str]) -> float:
    known = languages()
    totals = {name: (_SEEN_PLACE if name in places else 0.0) for name in used_for}
    for word, count in words.items():
        text = word.decode(encoding, "replace")
        # A name that occurs ten times says little more than one that occurs twice.
        weight = min(count, 2)
        logs = {name: known[name].log_likelihood(text) for name in used_for}
        best = max(logs.values()) - _OTHER_LANGUAGE
        for name, log in logs.items():
            totals[name] += max(log, best) * weight
    return max(totals.values())


def _words(data: bytes) -> Counter[bytes]:
    """Return the words that are not plain ASCII, with their counts."""
    counted = Counter(found[0] for found in _WORD.finditer(data[: _SAMPLE * 4]))
    return Counter(dict(counted.most_common(_MAX_WORDS)))


def _commonest(encoding: str, words: Iterable[bytes], possible: Container[str]) -> str:
    """Return the most common of the possible encodings that reads every word as this one does."""
    texts = [word.decode(encoding, "replace") for word in words]
    return next(
        other for other in ENCODINGS if other in possible and [word.decode(other, "replace") for word in words] == texts
    )


def _sample_of(words: Mapping[bytes, int], encoding: str) -> tuple[str, ...]:
    first = list(words)[:_SAMPLE_WORDS]
    if encoding == _TWICE:
        return tuple(_undo_second_encoding(word.decode("utf-8", "replace")) for word in first)
    if encoding.startswith(_MIXED):
        return tuple(_decode_by_line(word, encoding.removeprefix(_MIXED)) for word in first)
    return tuple(word.decode(encoding, "replace") for word in first)


def _ask_library(data: bytes, encodings: list[str]) -> str:
    """Return the one of these encodings that charset-normalizer detects: the casting vote if two are close."""
    from charset_normalizer import from_bytes  # noqa: PLC0415 - large, and needed by few files

    best = from_bytes(data[:_SAMPLE], cp_isolation=encodings).best()
    return best.encoding if best is not None else ""


def _mixed_encoding(data: bytes) -> str:
    """Return `utf-8/…` for a text that is UTF-8 except for some lines or bytes; otherwise an empty text."""
    good, broken, other = 0, 0, []
    for line in data[: _SAMPLE * 4].splitlines():
        if line.isascii():
            continue
        kind = _kind_of_line(line)
        good += kind == "utf-8"
        broken += kind == "broken"
        if kind == "other":
            other.append(line)
    chars = len(re.findall(rb"[\xc2-\xf4][\x80-\xbf]+", data[: _SAMPLE * 4]))
    if good + broken == 0 or good + broken < len(other) or chars < _MIN_CHARS:
        return ""
    rest = b"\n".join(other)
    words = _words(rest)
    scores = _scores(rest, words) if other else {}
    return _MIXED + (max(scores, key=lambda name: scores[name]) if scores else "cp1252")


def _kind_of_line(line: bytes) -> str:
    """Return whether a line is UTF-8, UTF-8 with a few broken bytes, or something else."""
    text = line.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = sum(char >= "\x80" for char in text) - bad
    if not bad:
        return "utf-8"
    return "broken" if good >= bad else "other"


def _decode_by_line(data: bytes, encoding: str) -> str:
    lines = data.removeprefix(b"\xef\xbb\xbf").splitlines(keepends=True)
    return "".join(
        line.decode(encoding) if _kind_of_line(line) == "other" else line.decode("utf-8", "replace") for line in lines
    )


def _is_encoded_twice(text: str) -> bool:
    """Return whether all non-ASCII characters form pairs as in UTF-8 decoded as Windows-1252."""
    chars = [char for char in text[:_SAMPLE] if char >= "\x80"]
    if len(chars) < 2 * _MIN_CHARS or not any("\xc2" <= char <= "\xf4" for char in chars):
        return False
    try:
        undone = _undo_second_encoding(text[:_SAMPLE])
    except UnicodeError:
        return False
    return sum(char >= "\x80" for char in undone) * 3 >= len(chars)


def _undo_second_encoding(text: str) -> str:
    """Restore a text that was encoded twice. Raises UnicodeError."""
    halves = b"".join(char.encode("latin-1" if char <= "\xff" else "cp1252") for char in text)
    return halves.decode("utf-8")


def _utf_16_without_mark(data: bytes) -> str:
    """Return the byte order that gives separators and ASCII letters. Raises BadFile for a file that is not text."""
    for encoding, high in (("utf-16-le", 1), ("utf-16-be", 0)):
        zeros = data[high:4096:2].count(0)
        others = data[1 - high : 4096 : 2].count(0)
        if zeros > others * 8 and len(data) % 2 == 0:
            text = data[:4096].decode(encoding, "ignore")
            if not any(unicodedata.category(char) in {"Cc", "Cn", "Co"} and char not in "\r\n\t" for char in text):
                return encoding
    raise BadFile("file_not_text")
