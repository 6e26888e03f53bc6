"""The draft of the programme in the format of pretalx's API, for programs that read it with a token."""

import json
from typing import Any

from pydantic import Field

from expo.accounts.rules import Permission
from expo.api.authentication import Call
from expo.api.schemas import Schema
from expo.api.v1.version import v1
from expo.editions.queries import get_edition
from expo.infra.addresses import public_url
from expo.program.exports import export_draft


class PretalxPage(Schema):
    """All results on one page, as pretalx's API has them."""

    count: int
    next: None = None
    previous: None = None
    results: list[dict[str, Any]] = Field(description="See https://docs.pretalx.org/api/resources/")


@v1.route("GET", "/pretalx/talks", group="Programme", permission=Permission.PROGRAM_MANAGE)
def get_pretalx_talks(call: Call) -> PretalxPage:
    """List the talks of the draft timetable as pretalx does, including those without a place.

    What is published needs no token: `/program/pretalx/talks.json`.
    """
    return _page(call, "talks")


@v1.route("GET", "/pretalx/speakers", group="Programme", permission=Permission.PROGRAM_MANAGE)
def get_pretalx_speakers(call: Call) -> PretalxPage:
    """List all speakers as pretalx does, including those who are not public yet.

    Those who are public need no token: `/program/pretalx/speakers.json`.
    """
    return _page(call, "speakers")


def _page(call: Call, name: str) -> PretalxPage:
    content = export_draft(get_edition(call.edition_id), "pretalx", lambda slug: public_url(f"/sessions/{slug}"))
    results = json.loads(content)[name]["results"]
    return PretalxPage(count=len(results), results=results)
