"""Slides, documents and pictures that people upload: what they are by their content, not by their name."""

import zipfile
from typing import IO

from expo.errors import Invalid

_HEAD = 12
# More members than any presentation has.
_MAX_MEMBERS = 50_000
_ODP = b"application/vnd.oasis.opendocument.presentation"
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odp": _ODP.decode(),
    "key": "application/vnd.apple.keynote",
    "zip": "application/zip",
}
SLIDES = frozenset(MEDIA_TYPES)
_PICTURES = {"jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp"}
# What a session can offer for download.
MATERIALS = SLIDES | frozenset(_PICTURES)
_MEDIA_TYPES = MEDIA_TYPES | _PICTURES
_STARTS = {b"%PDF-": "pdf", b"\xff\xd8\xff": "jpg", b"\x89PNG\r\n\x1a\n": "png", b"PK\x03\x04": "zip"}
_PACKED = frozenset({"pptx", "odp", "key"})


def check_slides(content: IO[bytes], name: str) -> str:
    """Return the media type of slides whose content is what their name says. Raises Invalid `slides_unknown`."""
    media_type = _check(content, name, SLIDES)
    if media_type is None:
        raise Invalid("slides_unknown", field="slides", name=name[-100:])
    return media_type


def check_material(content: IO[bytes], name: str) -> str:
    """Return the media type of a file whose content is what its name says. Raises Invalid `material_unknown`."""
    media_type = _check(content, name, MATERIALS)
    if media_type is None:
        raise Invalid("material_unknown", field="file", name=name[-100:])
    return media_type


def check_pdf(content: IO[bytes], name: str) -> None:
    """Check that a file is a PDF by its content and its name. Raises Invalid `pdf_unknown`."""
    if _check(content, name, frozenset({"pdf"})) is None:
        raise Invalid("pdf_unknown", field="file", name=name[-100:])


def _check(content: IO[bytes], name: str, endings: frozenset[str]) -> str | None:
    """Return the media type of a file with one of these endings, or None if its content is something else."""
    claimed = name.rpartition(".")[2].lower()
    content.seek(0)
    found = _find_kind(content)
    content.seek(0)
    wanted = "jpg" if claimed == "jpeg" else claimed
    if claimed not in endings or (found != wanted and not (claimed == "zip" and found in _PACKED)):
        return None
    return _MEDIA_TYPES[claimed]


def _find_kind(content: IO[bytes]) -> str:
    """Return the ending that suits the content; empty where there is none."""
    head = content.read(_HEAD)
    if head[:4] == b"RIFF" and head[8:] == b"WEBP":
        return "webp"
    kind = next((kind for start, kind in _STARTS.items() if head.startswith(start)), "")
    if kind != "zip":
        return kind
    try:
        with zipfile.ZipFile(content) as archive:
            return _find_packed_kind(archive)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        return ""


def _find_packed_kind(archive: zipfile.ZipFile) -> str:
    names = set(archive.namelist())
    if len(names) > _MAX_MEMBERS:
        return ""
    is_marked = "mimetype" in names and archive.getinfo("mimetype").file_size == len(_ODP)
    if is_marked and archive.read("mimetype") == _ODP:
        return "odp"
    if "ppt/presentation.xml" in names:
        return "pptx"
    return "key" if any(each.endswith(".iwa") for each in names) else "zip"
