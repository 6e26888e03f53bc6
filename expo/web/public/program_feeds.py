"""The published programme as Sessionize and pretalx offer theirs, for programs that read those."""

from collections.abc import Callable
from typing import Any

from flask import Response, current_app, json, url_for

from expo.infra.addresses import public_url
from expo.program.exports import export_schedule
from expo.web.kit.access import Audience, audience_blueprint, current_edition
from expo.web.kit.caching import cached_bytes, feed_response
from expo.web.kit.public_pages import public_page

blueprint = audience_blueprint("public_feeds", __name__, Audience.EVERYONE, url_prefix="/program")


@blueprint.get("/sessionize/all.json")
@public_page()
def show_sessionize() -> Response:
    """Return what Sessionize's endpoint "All" returns."""
    return _feed("sessionize", lambda content: content)


@blueprint.get("/sessionize/grid-smart.json")
@public_page()
def show_sessionize_grid() -> Response:
    """Return what Sessionize's endpoint "GridSmart" returns."""
    return _feed("sessionize-grid", lambda content: content)


@blueprint.get("/pretalx/talks.json")
@public_page()
def show_pretalx_talks() -> Response:
    """Return the talks as pretalx's API does, all on one page."""
    return _feed("pretalx", lambda content: _page_of(content, "talks"))


@blueprint.get("/pretalx/speakers.json")
@public_page()
def show_pretalx_speakers() -> Response:
    """Return the speakers as pretalx's API does, all on one page."""
    return _feed("pretalx", lambda content: _page_of(content, "speakers"))


def _feed(name: str, take: Callable[[bytes], bytes]) -> Response:
    edition = current_edition()
    return feed_response(
        lambda: take(cached_bytes(edition, f"schedule.{name}", lambda: export_schedule(edition, name, _address))),
        "application/json",
        str(edition.content_version),
        edition.content_changed_at,
    )


def _page_of(content: bytes, name: str) -> bytes:
    results: list[Any] = json.loads(content)[name]["results"]
    page = {"count": len(results), "next": None, "previous": None, "results": results}
    return current_app.json.dumps(page, sort_keys=False).encode()


def _address(slug: str) -> str:
    return public_url(url_for("public_program.show_session", slug=slug))
