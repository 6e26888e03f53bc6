"""Text encodings to choose from when a file does not declare its own."""

from collections.abc import Iterable, Sequence

from expo.formats.encodings import ENCODINGS

NAMES = {
    "utf-8": "UTF-8",
    "gb18030": "GB 18030 (简体中文)",
    "big5hkscs": "Big5 (繁體中文)",
    "cp932": "Shift JIS (日本語)",
    "euc_jp": "EUC-JP (日本語)",
    "iso2022_jp": "ISO-2022-JP (日本語)",
    "cp949": "EUC-KR (한국어)",
    "cp1252": "Windows-1252 (Western Europe)",
    "cp1250": "Windows-1250 (Central Europe)",
    "iso8859_2": "ISO 8859-2 (Central Europe)",
    "cp1251": "Windows-1251 (Кириллица)",
    "koi8_r": "KOI8-R (Кириллица)",
    "cp866": "DOS 866 (Кириллица)",
    "cp1253": "Windows-1253 (Ελληνικά)",
    "cp1254": "Windows-1254 (Türkçe)",
    "cp1255": "Windows-1255 (עברית)",
    "cp1256": "Windows-1256 (العربية)",
    "cp1257": "Windows-1257 (Baltic)",
    "cp874": "Windows-874 (ไทย)",
    "cp1258": "Windows-1258 (Tiếng Việt)",
    "koi8_u": "KOI8-U (Кириллица)",
    "iso8859_5": "ISO 8859-5 (Кириллица)",
    "iso8859_6": "ISO 8859-6 (العربية)",
    "iso8859_7": "ISO 8859-7 (Ελληνικά)",
    "iso8859_8": "ISO 8859-8 (עברית)",
    "iso8859_13": "ISO 8859-13 (Baltic)",
    "iso8859_15": "ISO 8859-15 (Western Europe)",
    "mac_latin2": "Mac Latin 2 (Central Europe)",
    "mac_cyrillic": "Mac Cyrillic (Кириллица)",
    "cp852": "DOS 852 (Central Europe)",
    "utf-8-twice": "UTF-8 × 2",
    "utf-32": "UTF-32",
    "mac_roman": "Mac Roman (Western Europe)",
    "cp850": "DOS 850 (Western Europe)",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
}


def encoding_choices(found: str, candidates: Iterable[Sequence[str]] = ()) -> list[tuple[str, str]]:
    """Return the selectable encodings: the detected one, then the likely ones, then the others.

    `candidates` pair each likely encoding with a sample of the file decoded with it, by which people recognize it.
    """
    samples = {str(name): str(sample) for name, sample in candidates}
    return [
        (name, f"{_name_of(name)}: {samples[name]}" if samples.get(name) else _name_of(name))
        for name in dict.fromkeys((found, *samples, *ENCODINGS))
        if name
    ]


def _name_of(encoding: str) -> str:
    """Return an encoding's name; a file whose lines mix two encodings has both: `UTF-8 + Windows-1252 …`."""
    return " + ".join(NAMES.get(each, each) for each in encoding.split("/"))
