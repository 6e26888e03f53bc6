"""JSON that came in: what is wrong with it is said with its line."""

import json
from typing import Any

from expo.formats.bounds import MAX_DEPTH, check_json_bounds, clean_json
from expo.formats.errors import BadFile


def parse_json(data: bytes) -> Any:
    """Return what a JSON file says, its texts cleaned. Raises BadFile."""
    check_json_bounds(data)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadFile("file_encoding", data[: error.start].count(b"\n") + 1) from None
    try:
        # Not strict: generators write control characters raw; they are cleaned like escaped ones.
        return clean_json(json.loads(text, strict=False))
    except json.JSONDecodeError as error:
        raise BadFile("file_broken", error.lineno, reason=error.msg) from None
    except ValueError:
        raise BadFile("file_broken", reason="a number is too long") from None
    except RecursionError:
        raise BadFile("file_too_deep", maximum=MAX_DEPTH) from None


def dump_json(value: Any) -> bytes:
    """Return a value as a JSON file that people can read."""
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()
