"""Applications of companies: when they can be sent, and what they must contain. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from expo.errors import Invalid
from expo.exhibitors.rules.companies import CompanyDetails, check_company

MAX_CONTACT_LENGTH = 200
MAX_PHONE_LENGTH = 64
MAX_MESSAGE_LENGTH = 4_000
MAX_INTRODUCTION_LENGTH = 20_000


class WindowState(StrEnum):
    """Whether companies can apply."""

    OFF = "off"
    UPCOMING = "upcoming"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True)
class WindowRequest:
    """When companies can apply, as an organizer enters it."""

    is_open: bool = False
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    introduction: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ApplicationRequest:
    """An application as typed: the company, whom to contact, and what it would like."""

    company: str
    contact_name: str
    country: str = ""
    website: str = ""
    phone: str = ""
    # The slug of the package asked for; empty for none.
    package: str = ""
    # What the company shows, in the language of the page.
    description: str = ""


def state_of_window(
    opens_at: datetime | None, closes_at: datetime | None, now: datetime, *, is_open: bool
) -> WindowState:
    """Return whether companies can apply at `now`; the closing time itself is too late."""
    if not is_open:
        return WindowState.OFF
    if closes_at is not None and now >= closes_at:
        return WindowState.CLOSED
    if opens_at is not None and now < opens_at:
        return WindowState.UPCOMING
    return WindowState.OPEN


def check_window(request: WindowRequest) -> None:
    """Accept a window. Raises Invalid `call_times_reversed`, `text_too_long`."""
    if request.opens_at is not None and request.closes_at is not None and request.opens_at >= request.closes_at:
        raise Invalid("call_times_reversed", field="closes_at")
    if any(len(text) > MAX_INTRODUCTION_LENGTH for text in request.introduction.values()):
        raise Invalid("text_too_long", field="introduction", maximum=MAX_INTRODUCTION_LENGTH)


def check_application(request: ApplicationRequest, language: str) -> CompanyDetails:
    """Return the company of an application. Raises Invalid with the field as in the request."""
    if not request.contact_name.strip():
        raise Invalid("name_empty", field="contact_name")
    for name, longest in (("contact_name", MAX_CONTACT_LENGTH), ("phone", MAX_PHONE_LENGTH)):
        if len(getattr(request, name)) > longest:
            raise Invalid("text_too_long", field=name, maximum=longest)
    if not request.country:
        raise Invalid("country_missing", field="country")
    try:
        return check_company(
            CompanyDetails(
                name=request.company,
                description={language: request.description},
                website=request.website,
                country=request.country,
            )
        )
    except Invalid as error:
        if error.params.get("field") == "name":
            raise Invalid(error.code, **{**error.params, "field": "company"}) from None
        raise
