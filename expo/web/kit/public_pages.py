"""Which pages are the same for every visitor who is not signed in, and until when such a page is right.

A view marked with `public_page` may be answered by `PageCache` (`web/kit/page_cache.py`). The view says with
`holds_until` at which moment its page changes by itself, such as the hour that is marked as now.
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

# Where PageCache leaves a place for the answer to this request.
ENVIRON_KEY = "expo.page_offer"
LONGEST_HOLD = timedelta(minutes=10)


@dataclass(frozen=True)
class PublicPage:
    """The parameters that a page's content depends on, and those that hold what visitors typed."""

    parameters: tuple[str, ...]
    searched_by: frozenset[str]


@dataclass
class PageOffer:
    """What PageCache asks of a request that it passes on, and what it is told."""

    asked_at: datetime
    version: ContentVersion | None = None
    valid_until: datetime | None = None


def public_page(*parameters: str, searched_by: str = "") -> Callable[[View], View]:
    """Mark a view as the same for all visitors, given its path, its language and these parameters.

    With a value for `searched_by` the page is never stored: visitors may type anything.
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
    """Say that the page of this request changes by itself at `moment`; None or the past says nothing."""
    if moment is not None:
        g.setdefault("page_holds_until", []).append(moment)


def init_public_pages(app: Flask) -> None:
    """Tell PageCache of each public page which content it shows and until when it is right."""

    @app.after_request
    def offer_page(response: Response) -> Response:
        offer: PageOffer | None = request.environ.get(ENVIRON_KEY)
        edition: EditionFacts | None = g.get("edition")
        if offer is None or edition is None or response.status_code != 200:  # noqa: PLR2004 - OK
            return response
        if current_actor() != ANONYMOUS:
            raise AssertionError("a request for a shared page came with a person")
        # Every page says whether one can register.
        opening = edition.registration.next_change_after(offer.asked_at)
        moments = [offer.asked_at + LONGEST_HOLD, *g.get("page_holds_until", ()), *([opening] if opening else ())]
        offer.version = ContentVersion(edition.id, edition.content_version)
        offer.valid_until = min(each for each in moments if each > offer.asked_at)
        return response
