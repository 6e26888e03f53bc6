"""Cursors of lists: the id after which a page begins, as a text that callers do not read."""

import base64
import struct

from expo.errors import Invalid

_FORM = struct.Struct(">Q")
_LARGEST_ID = 2**63 - 1


def write_cursor(row_id: int | None) -> str | None:
    """Return the text for an id; None ends a list."""
    if row_id is None:
        return None
    return base64.urlsafe_b64encode(_FORM.pack(row_id)).decode().rstrip("=")


def read_cursor(text: str | None) -> int | None:
    """Return the id of a cursor. Raises Invalid `cursor_invalid` for a text that is none of ours."""
    if text is None:
        return None
    try:
        (row_id,) = _FORM.unpack(base64.b64decode(text + "=", altchars=b"-_", validate=True))
    except (ValueError, struct.error):
        raise Invalid("cursor_invalid", field="cursor") from None
    if row_id > _LARGEST_ID:
        raise Invalid("cursor_invalid", field="cursor")
    return int(row_id)
