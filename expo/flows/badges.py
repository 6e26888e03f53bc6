"""Print badges, individually or in large batches."""

import functools
from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO

from babel.dates import format_interval

from expo.badges.errors import BadgeMissing
from expo.badges.queries import BadgeRow, list_badges_of
from expo.badges.rules import is_valid, may_have_badge
from expo.documents.badge import BadgeFace, render_badge, render_badges
from expo.documents.bands import BAND_COLORS
from expo.editions.queries import EditionFacts, get_edition
from expo.pure.codes import show_code
from expo.pure.languages import BY_CODE, DEFAULT_LANGUAGE, locale_of, localized
from expo.registration.queries import (
    AttendeeRow,
    HeldAddOn,
    get_attendee_by_id,
    list_add_ons_of,
    list_attendees,
)

BATCH = 500


def badge_face(
    edition: EditionFacts, attendee: AttendeeRow, badge: BadgeRow, add_ons: Sequence[HeldAddOn] = ()
) -> BadgeFace:
    """Return the texts of an attendee's badge, in their language."""
    language = attendee.language if attendee.language in BY_CODE else DEFAULT_LANGUAGE.code
    return BadgeFace(
        token_text=badge.token,
        short_code=show_code(attendee.code),
        name=attendee.name,
        latin_name=attendee.latin_name if attendee.latin_name not in ("", attendee.name) else None,
        company=attendee.company,
        job_title=attendee.job_title,
        country_name=country_name(attendee.country, language),
        ticket_type_name=localized(attendee.ticket_type_name, language),
        band_color=BAND_COLORS[attendee.band],
        language=attendee.language,
        edition_title=localized(edition.title, language),
        edition_dates=_dates(edition, language),
        role_line=None,
        add_ons=tuple(
            localized(each.name, language) + (f" × {each.quantity}" if each.quantity > 1 else "") for each in add_ons
        ),
    )


def badge_pdf(edition_id: int, attendee_id: int) -> bytes:
    """Return the PDF of an attendee's valid badge, one A6 page. Raises AttendeeMissing, BadgeMissing."""
    attendee = get_attendee_by_id(edition_id, attendee_id)
    badge = list_badges_of([attendee_id]).get(attendee_id)
    if badge is None or not may_have_badge(attendee.state) or not is_valid(badge.revoked_at):
        raise BadgeMissing
    add_ons = list_add_ons_of([attendee_id]).get(attendee_id, ())
    return render_badge(badge_face(get_edition(edition_id), attendee, badge, add_ons))


def write_badges(
    edition_id: int, attendee_ids: Sequence[int], out: BinaryIO, progress: Callable[[int], None] | None = None
) -> int:
    """Write the valid badges of these attendees to a PDF, one per page in this order; return their number.

    Attendees without a valid badge are skipped. Memory use does not grow with their number.
    """
    return render_badges(_faces(edition_id, attendee_ids), out, progress)


def _faces(edition_id: int, attendee_ids: Sequence[int]) -> Iterator[BadgeFace]:
    edition = get_edition(edition_id)
    for start in range(0, len(attendee_ids), BATCH):
        batch = attendee_ids[start : start + BATCH]
        badges, add_ons = list_badges_of(batch), list_add_ons_of(batch)
        for attendee in list_attendees(edition_id, batch):
            badge = badges.get(attendee.id)
            if badge is not None and may_have_badge(attendee.state) and is_valid(badge.revoked_at):
                yield badge_face(edition, attendee, badge, add_ons.get(attendee.id, ()))


@functools.lru_cache(maxsize=1024)
def country_name(code: str, language: str) -> str:
    """Return the name of a country in a language."""
    territories: dict[str, str] = dict(locale_of(language).territories)
    return territories.get(code, code)


def _dates(edition: EditionFacts, language: str) -> str:
    return str(format_interval(edition.starts_on, edition.ends_on, "yMMMd", locale=locale_of(language)))
