"""Slides and other documents that speakers upload: what they are by their content, not by their name."""

import zipfile
from typing import IO

from expo.errors import Invalid

_HEAD = 8
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
_PACKED = frozenset({"pptx", "odp", "key"})


def check_slides(content: IO[bytes], name: str) -> str:
    """Return the media type of slides whose content is what their name says. Raises Invalid `slides_unknown`."""
    claimed = name.rpartition(".")[2].lower()
    content.seek(0)
    found = _find_kind(content)
    content.seek(0)
    if claimed not in MEDIA_TYPES or (found != claimed and not (claimed == "zip" and found in _PACKED)):
        raise Invalid("slides_unknown", field="slides", name=name[-100:])
    return MEDIA_TYPES[claimed]


def _find_kind(content: IO[bytes]) -> str:
    """Return the ending that suits the content; empty where there is none."""
    head = content.read(_HEAD)
    if head.startswith(b"%PDF-"):
        return "pdf"
    if not head.startswith(b"PK\x03\x04"):
        return ""
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
