"""Pagination cursors: the id after which a page starts, as an opaque text."""

import base64
import struct

from expo.errors import Invalid

_FORM = struct.Struct(">Q")
_LARGEST_ID = 2**63 - 1


def write_cursor(row_id: int | None) -> str | None:
    """Return the cursor for an id, or None at the end of a list."""
    if row_id is None:
        return None
    return base64.urlsafe_b64encode(_FORM.pack(row_id)).decode().rstrip("=")


def read_cursor(text: str | None) -> int | None:
    """Return the id in a cursor. Raises Invalid `cursor_invalid` if the cursor is malformed."""
    if text is None:
        return None
    try:
        (row_id,) = _FORM.unpack(base64.b64decode(text + "=", altchars=b"-_", validate=True))
    except (ValueError, struct.error):
        raise Invalid("cursor_invalid", field="cursor") from None
    if row_id > _LARGEST_ID:
        raise Invalid("cursor_invalid", field="cursor")
    return int(row_id)
