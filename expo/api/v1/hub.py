"""What the hub of a hall calls: the copy of what its doors need."""

import json
import zlib
from typing import Any

from pydantic import Field

from expo.accounts.rules import Actor, Permission
from expo.api.authentication import Call
from expo.api.routes import PreparedAnswer
from expo.api.schemas import Schema, Text
from expo.api.v1.version import v1
from expo.checkin.queries.copies import read_copy
from expo.checkin.rules.devices import is_hub
from expo.errors import Refused

# Attendees in one part of a copy: with their scans some hundred kilobytes, and seconds of work on either side.
PART = 1000


class CopyQuery(Schema):
    """What the hub knows already."""

    since: Text | None = Field(None, max_length=64, description="`cursor` of the last copy; omit it for everything")


class CopyOut(Schema):
    """What a hub needs to decide as the centre does. It contains no e-mail addresses, phone numbers or answers."""

    cursor: str = Field(description="Names what the hub knows once it has stored this part")
    whole: bool = Field(description="Whether this is everything, for a hub that had nothing")
    covers: list[int | None] | None = Field(
        description="After and up to which id all attendees are in this part: others between them no longer exist"
    )
    left: int = Field(description="How many attendees are in the parts after this one; ask for them with `cursor`")
    edition_id: int
    rows: dict[str, list[list[Any]]] = Field(description="Rows by table; columns as in `expo/checkin/rules/copies.py`")


@v1.route("GET", "/hub/copy", group="Doors", permission=Permission.SCAN, answer=CopyOut)
def get_hub_copy(call: Call, query: CopyQuery) -> PreparedAnswer:
    """Get what the hub of a hall needs, in parts.

    Only for devices with the profile *hub*.
    """
    require_hub(call.actor)
    copy = read_copy(call.actor.id or 0, call.edition_id, query.since, call.now, PART)
    body = {
        "cursor": copy.cursor,
        "whole": copy.is_whole,
        "covers": copy.covers,
        "left": copy.left,
        "edition_id": copy.edition_id,
        "rows": copy.rows,
    }
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return PreparedAnswer(b"{", text[1:], packer.compress(text[1:]) + packer.flush())


def require_hub(actor: Actor) -> None:
    """Check that a hub calls: an API token may scan too, and yet not have everybody's names. Raises Refused."""
    if not is_hub(actor):
        raise Refused("device_call_refused")
