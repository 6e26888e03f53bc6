"""Text encodings to choose from when a file does not declare its own."""

from collections.abc import Iterable, Mapping, Sequence

from flask_babel import gettext as _, lazy_gettext as _l

from expo.formats.encodings import ENCODINGS

# The technical name of each encoding, and the letters or languages that it is for.
NAMES: Mapping[str, tuple[str, str]] = {
    "utf-8": ("UTF-8", ""),
    "gb18030": ("GB 18030", _l("Simplified Chinese")),
    "big5hkscs": ("Big5", _l("Traditional Chinese")),
    "cp932": ("Shift JIS", _l("Japanese")),
    "euc_jp": ("EUC-JP", _l("Japanese")),
    "iso2022_jp": ("ISO-2022-JP", _l("Japanese")),
    "cp949": ("EUC-KR", _l("Korean")),
    "cp1252": ("Windows-1252", _l("Western European")),
    "cp1250": ("Windows-1250", _l("Central European")),
    "iso8859_2": ("ISO 8859-2", _l("Central European")),
    "cp1251": ("Windows-1251", _l("Cyrillic")),
    "koi8_r": ("KOI8-R", _l("Cyrillic")),
    "cp866": ("DOS 866", _l("Cyrillic")),
    "cp1253": ("Windows-1253", _l("Greek")),
    "cp1254": ("Windows-1254", _l("Turkish")),
    "cp1255": ("Windows-1255", _l("Hebrew")),
    "cp1256": ("Windows-1256", _l("Arabic")),
    "cp1257": ("Windows-1257", _l("Baltic")),
    "cp874": ("Windows-874", _l("Thai")),
    "cp1258": ("Windows-1258", _l("Vietnamese")),
    "koi8_u": ("KOI8-U", _l("Cyrillic")),
    "iso8859_5": ("ISO 8859-5", _l("Cyrillic")),
    "iso8859_6": ("ISO 8859-6", _l("Arabic")),
    "iso8859_7": ("ISO 8859-7", _l("Greek")),
    "iso8859_8": ("ISO 8859-8", _l("Hebrew")),
    "iso8859_13": ("ISO 8859-13", _l("Baltic")),
    "iso8859_15": ("ISO 8859-15", _l("Western European")),
    "mac_latin2": ("Mac Latin 2", _l("Central European")),
    "mac_cyrillic": ("Mac Cyrillic", _l("Cyrillic")),
    "cp852": ("DOS 852", _l("Central European")),
    "utf-8-twice": ("UTF-8 × 2", ""),
    "utf-32": ("UTF-32", ""),
    "mac_roman": ("Mac Roman", _l("Western European")),
    "cp850": ("DOS 850", _l("Western European")),
    "utf-16": ("UTF-16", ""),
    "utf-16-le": ("UTF-16 LE", ""),
    "utf-16-be": ("UTF-16 BE", ""),
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
    return " + ".join(_shown(*NAMES.get(each, (each, ""))) for each in encoding.split("/"))


def _shown(name: str, letters: str) -> str:
    return _("%(encoding)s (%(letters)s)", encoding=name, letters=letters) if letters else name
