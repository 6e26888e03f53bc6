"""Sessions and speakers as schema.org JSON-LD, for search engines: https://schema.org/Event, https://schema.org/Person.

A `script` element of this type is a data block, which is not executed and which the Content Security Policy therefore
allows: https://html.spec.whatwg.org/multipage/scripting.html#data-block
"""

import re
from typing import Any

from flask import url_for

from expo.editions.queries import EditionFacts
from expo.infra.addresses import public_url
from expo.program.queries import SessionPage, SessionRow
from expo.program.queries.speakers import SpeakerPage
from expo.web.kit.language import current_language, localized
from expo.web.kit.rich_text import rich_text

CONTEXT = "https://schema.org"
MAX_DESCRIPTION = 500
# Imported sessions may have their language in words.
_LANGUAGE_TAG = re.compile("[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def describe_session(edition: EditionFacts, session: SessionPage) -> dict[str, Any]:
    """Return a session as an Event."""
    row = session.row
    text = rich_text(localized(session.abstract) or localized(session.description)).striptags()
    return {"@context": CONTEXT, **_event(edition, row), **_known("description", text[:MAX_DESCRIPTION])}


def describe_speaker(edition: EditionFacts, speaker: SpeakerPage) -> dict[str, Any]:
    """Return a speaker as a Person who performs in events."""
    text = rich_text(localized(speaker.biography)).striptags()
    return {
        "@context": CONTEXT,
        "@type": "Person",
        "name": localized(speaker.name),
        "url": public_url(url_for("public_program.show_speaker", slug=speaker.slug)),
        "performerIn": [_event(edition, row) for row in speaker.sessions],
        **_known("description", text[:MAX_DESCRIPTION]),
        **_known("image", _photo(speaker)),
        **({"sameAs": [each["url"] for each in speaker.links]} if speaker.links else {}),
    }


def _photo(speaker: SpeakerPage) -> str:
    if not speaker.photo_key:
        return ""
    return public_url(url_for("public_program.speaker_photo", slug=speaker.slug, key=speaker.photo_key))


def _event(edition: EditionFacts, row: SessionRow) -> dict[str, Any]:
    place = ", ".join(
        filter(None, (localized(row.room.name) if row.room else "", localized(edition.venue), localized(edition.city)))
    )
    here = {"@type": "Place", "name": place, "address": localized(edition.city)}
    return {
        "@type": "Event",
        "name": localized(row.title),
        "url": public_url(url_for("public_program.show_session", slug=row.slug)),
        "eventStatus": f"{CONTEXT}/{_status(row)}",
        "eventAttendanceMode": f"{CONTEXT}/{'Mixed' if row.stream_url else 'Offline'}EventAttendanceMode",
        "location": [here, {"@type": "VirtualLocation", "url": row.stream_url}] if row.stream_url else here,
        "performer": [
            {
                "@type": "Person",
                "name": localized(each.name),
                "url": public_url(url_for("public_program.show_speaker", slug=each.slug)),
            }
            for each in row.speakers
        ],
        "superEvent": {
            "@type": "Event",
            "name": localized(edition.title),
            "startDate": edition.starts_on.isoformat(),
            "endDate": edition.ends_on.isoformat(),
            "location": {"@type": "Place", "name": localized(edition.venue), "address": localized(edition.city)},
        },
        "inLanguage": row.language if _LANGUAGE_TAG.fullmatch(row.language) else current_language().tag,
        **_known("startDate", row.starts_at.astimezone(edition.zone).isoformat() if row.starts_at else ""),
        **_known("endDate", row.ends_at.astimezone(edition.zone).isoformat() if row.ends_at else ""),
        **_known("previousStartDate", _former_start(edition, row)),
    }


def _status(row: SessionRow) -> str:
    """Return the state of a session as https://schema.org/EventStatusType names it."""
    if row.is_cancelled:
        return "EventCancelled"
    if row.former_start is None or row.former_start == row.starts_at:
        return "EventScheduled"
    return "EventRescheduled" if row.starts_at else "EventPostponed"


def _former_start(edition: EditionFacts, row: SessionRow) -> str:
    if _status(row) not in ("EventRescheduled", "EventPostponed") or row.former_start is None:
        return ""
    return row.former_start.astimezone(edition.zone).isoformat()


def _known(name: str, value: str) -> dict[str, str]:
    return {name: value} if value else {}
