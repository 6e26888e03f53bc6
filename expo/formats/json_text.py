"""Parsing of imported JSON, with errors that name the line."""

import json
import math
from typing import Any

from expo.formats.bounds import MAX_DEPTH, check_json_bounds, check_json_size
from expo.formats.errors import BadFile
from expo.pure.texts import clean_text


def parse_json(data: bytes) -> Any:
    """Parse a JSON file. Raises BadFile."""
    check_json_size(data)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadFile("file_encoding", data[: error.start].count(b"\n") + 1) from None
    try:
        # Not strict: some generators write raw control characters, which are cleaned like escaped ones.
        whole = json.loads(text, strict=False, parse_constant=_refuse_constant, parse_float=_finite)
    except json.JSONDecodeError as error:
        raise BadFile("file_broken", error.lineno, reason=error.msg) from None
    except ValueError as error:
        raise BadFile("file_broken", reason=str(error)[:200]) from None
    except RecursionError:
        raise BadFile("file_too_deep", maximum=MAX_DEPTH) from None
    check_json_bounds(whole)
    return clean_json(whole)


def clean_json(value: Any) -> Any:
    """Return a value with control characters removed from all its texts."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, list):
        return [clean_json(each) for each in value]
    if isinstance(value, dict):
        return {clean_text(name): clean_json(each) for name, each in value.items()}
    return value


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text[:20]} is too large a number")
    return number


def dump_json(value: Any) -> bytes:
    """Return a value as a human-readable JSON file."""
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()
