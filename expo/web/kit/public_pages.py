"""Which pages are the same for all visitors who are not signed in, and until when they are valid.

A view marked with `public_page` may be served by `PageCache` (`web/kit/page_cache.py`). With `holds_until` the view
declares when its page changes on its own, for example when the hour marked as now changes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from flask import Flask, Response, g, request

from expo.accounts.rules import ANONYMOUS
from expo.editions.queries import ContentVersion, EditionFacts
from expo.web.kit.access import current_actor

View = TypeVar("View", bound=Callable[..., Any])

# Where PageCache puts its PageOffer for this request.
ENVIRON_KEY = "expo.page_offer"
LONGEST_HOLD = timedelta(minutes=10)


@dataclass(frozen=True)
class PublicPage:
    """The parameters that a page's content depends on, and those that hold free text."""

    parameters: tuple[str, ...]
    searched_by: frozenset[str]


@dataclass
class PageOffer:
    """What PageCache passes in with a request, and what it learns from the response."""

    asked_at: datetime
    version: ContentVersion | None = None
    valid_until: datetime | None = None


def public_page(*parameters: str, searched_by: str = "") -> Callable[[View], View]:
    """Mark a view as the same for all visitors, given its path, language and these parameters.

    A page with a value for `searched_by` is never stored, because visitors may type anything.
    """
    page = PublicPage(tuple(sorted(parameters)), frozenset({searched_by} - {""}))

    def mark(view: View) -> View:
        view.expo_public_page = page  # type: ignore[attr-defined]
        return view

    return mark


def find_public_pages(app: Flask) -> dict[str, PublicPage]:
    """Return the public pages of an application by endpoint."""
    marked = ((name, getattr(view, "expo_public_page", None)) for name, view in app.view_functions.items())
    return {name: page for name, page in marked if page is not None}


def holds_until(moment: datetime | None) -> None:
    """Declare that the page of this request changes on its own at `moment`; None or a past moment has no effect."""
    if moment is not None:
        g.setdefault("page_holds_until", []).append(moment)


def init_public_pages(app: Flask) -> None:
    """Report to PageCache, for each public page, its content version and expiry."""

    @app.after_request
    def offer_page(response: Response) -> Response:
        offer: PageOffer | None = request.environ.get(ENVIRON_KEY)
        edition: EditionFacts | None = g.get("edition")
        if offer is None or edition is None or response.status_code != 200:  # noqa: PLR2004 - OK
            return response
        if current_actor() != ANONYMOUS:
            raise AssertionError("a request for a shared page came with a person")
        # Every page shows whether registration is open.
        opening = edition.registration.next_change_after(offer.asked_at)
        moments = [offer.asked_at + LONGEST_HOLD, *g.get("page_holds_until", ()), *([opening] if opening else ())]
        offer.version = ContentVersion(edition.id, edition.content_version)
        offer.valid_until = min(each for each in moments if each > offer.asked_at)
        return response
