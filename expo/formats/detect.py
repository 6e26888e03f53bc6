"""Which schedule format a file is in, and reading it."""

from typing import Any, Literal
from zoneinfo import ZoneInfo

from expo.formats.bounds import MAX_BYTES, check_size
from expo.formats.errors import BadFile
from expo.formats.frab_json import read_frab_json
from expo.formats.frab_xml import read_frab_xml
from expo.formats.json_text import parse_json
from expo.formats.opass_json import is_opass, read_opass_json
from expo.formats.schedule import ReadSchedule
from expo.formats.sessionize import is_sessionize, read_sessionize

FileFormat = Literal["frab-xml", "frab-json", "opass-json", "sessionize"]

_READERS = {
    "frab-xml": read_frab_xml,
    "frab-json": read_frab_json,
    "opass-json": read_opass_json,
    "sessionize": read_sessionize,
}


def read_schedule(data: bytes, zone: ZoneInfo, max_bytes: int = MAX_BYTES) -> ReadSchedule:
    """Return the schedule of a file in any known format, with the faults of sessions that cannot be imported.

    `zone` holds for times without one. Raises BadFile for a file that is no schedule or beyond a bound.
    """
    check_size(data, max_bytes)
    return _READERS[detect_format(data)](data, zone)


def detect_format(data: bytes) -> FileFormat:
    """Return the format of a schedule file, told by its structure. Raises BadFile for anything else."""
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:2000]
    if not start:
        raise BadFile("file_empty")
    lowered = start.lower()
    if b"<html" in lowered or lowered.startswith(b"<!doctype html"):
        raise BadFile("file_is_html")
    if start.startswith((b"<", b"\xff\xfe", b"\xfe\xff")):
        return "frab-xml"
    if start.startswith((b"{", b"[")):
        return _detect_json(parse_json(data))
    if b"\x00" in start:
        raise BadFile("file_not_text")
    raise BadFile("schedule_unknown")


def _detect_json(whole: Any) -> FileFormat:
    if isinstance(whole, dict) and (
        "schedule" in whole or "conference" in whole or isinstance(whole.get("days"), list)
    ):
        return "frab-json"
    if is_opass(whole):
        return "opass-json"
    if is_sessionize(whole):
        return "sessionize"
    if isinstance(whole, dict) and "sessions" in whole:
        code = "schedule_no_titles" if whole["sessions"] else "schedule_no_sessions"
        raise BadFile(code, places="sessions[]")
    raise BadFile("schedule_unknown")
