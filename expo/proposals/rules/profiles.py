"""What a speaker's profile may contain. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from expo.errors import Invalid

MAX_NAME_LENGTH = 200
MAX_BIOGRAPHY_LENGTH = 4_000
MAX_NEEDS_LENGTH = 2_000
MAX_LINKS = 10
MAX_ABSENCES = 20
MAX_URL_LENGTH = 500


@dataclass(frozen=True)
class Absence:
    """Days, both included, on which a speaker cannot speak."""

    first: date
    last: date


@dataclass(frozen=True)
class ProfileRequest:
    """A profile as its speaker enters it; `links` are (address, title)."""

    name: str
    biography: Mapping[str, str] = field(default_factory=dict)
    country: str = ""
    company: str = ""
    links: tuple[tuple[str, str], ...] = ()
    absences: tuple[Absence, ...] = ()
    accessibility_needs: str = ""
    travel_needs: str = ""


def check_profile(request: ProfileRequest) -> None:
    """Accept a profile. Raises Invalid with the field at fault."""
    if not request.name.strip():
        raise Invalid("name_empty", field="name")
    for name, text, longest in (
        ("name", request.name, MAX_NAME_LENGTH),
        ("company", request.company, MAX_NAME_LENGTH),
        ("accessibility_needs", request.accessibility_needs, MAX_NEEDS_LENGTH),
        ("travel_needs", request.travel_needs, MAX_NEEDS_LENGTH),
        *(("biography", text, MAX_BIOGRAPHY_LENGTH) for text in request.biography.values()),
    ):
        if len(text) > longest:
            raise Invalid("text_too_long", field=name, maximum=longest)
    if len(request.links) > MAX_LINKS:
        raise Invalid("links_too_many", field="links", maximum=MAX_LINKS)
    for url, _title in request.links:
        if not is_web_address(url):
            raise Invalid("website_invalid", field="links", website=url[:100])
    if len(request.absences) > MAX_ABSENCES:
        raise Invalid("absences_too_many", field="absences", maximum=MAX_ABSENCES)
    if any(each.first > each.last for each in request.absences):
        raise Invalid("dates_reversed", field="absences")


def is_web_address(url: str) -> bool:
    """Return whether a text is an address that a link may lead to."""
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and "." in (parts.hostname or "") and len(url) <= MAX_URL_LENGTH
    except ValueError:
        return False


def absences_to_json(absences: Sequence[Absence], zone: str) -> list[dict[str, str]]:
    """Return absences as stored: from the first midnight to the one after the last day, in a zone."""
    return [
        {
            "from": datetime.combine(each.first, time(), ZoneInfo(zone)).isoformat(),
            "to": datetime.combine(each.last + timedelta(days=1), time(), ZoneInfo(zone)).isoformat(),
        }
        for each in absences
    ]


def absences_from_json(stored: Sequence[Mapping[str, str]]) -> tuple[Absence, ...]:
    """Return the days of stored absences."""
    return tuple(
        Absence(
            datetime.fromisoformat(each["from"]).date(),
            (datetime.fromisoformat(each["to"]) - timedelta(days=1)).date(),
        )
        for each in stored
    )
