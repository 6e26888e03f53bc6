"""Text encodings to choose from when a file does not declare its own."""

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
    "mac_roman": "Mac Roman (Western Europe)",
    "cp850": "DOS 850 (Western Europe)",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
}


def encoding_choices(found: str) -> list[tuple[str, str]]:
    """Return the selectable encodings with their names, the detected one first."""
    return [(name, NAMES.get(name, name)) for name in dict.fromkeys((found, *ENCODINGS)) if name]
