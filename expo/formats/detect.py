"""Which schedule format a file is in, and reading it."""

from typing import Literal
from zoneinfo import ZoneInfo

from expo.formats.errors import BadFile
from expo.formats.frab_json import read_frab_json
from expo.formats.frab_xml import read_frab_xml
from expo.formats.json_text import parse_json
from expo.formats.opass_json import read_opass_json
from expo.formats.schedule import Schedule

MAX_BYTES = 32 * 1024 * 1024

FileFormat = Literal["frab-xml", "frab-json", "opass-json"]

_READERS = {"frab-xml": read_frab_xml, "frab-json": read_frab_json, "opass-json": read_opass_json}


def read_schedule(data: bytes, zone: ZoneInfo, max_bytes: int = MAX_BYTES) -> Schedule:
    """Return the schedule of a file in any known format; `zone` holds for times without one. Raises BadFile."""
    if len(data) > max_bytes:
        raise BadFile("file_too_large", megabytes=max_bytes // 1024 // 1024)
    return _READERS[detect_format(data)](data, zone)


def detect_format(data: bytes) -> FileFormat:
    """Return the format of a schedule file. Raises BadFile for anything else."""
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:2000]
    if not start:
        raise BadFile("file_empty")
    lowered = start.lower()
    if b"<html" in lowered or lowered.startswith(b"<!doctype html"):
        raise BadFile("file_is_html")
    if start.startswith((b"<", b"\xff\xfe", b"\xfe\xff")):
        return "frab-xml"
    if start.startswith((b"{", b"[")):
        whole = parse_json(data)
        if isinstance(whole, dict) and "schedule" in whole:
            return "frab-json"
        if isinstance(whole, dict) and "sessions" in whole:
            return "opass-json"
        raise BadFile("schedule_unknown")
    if b"\x00" in start:
        raise BadFile("file_not_text")
    raise BadFile("schedule_unknown")
