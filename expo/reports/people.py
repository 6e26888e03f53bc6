"""Exports of attendees as a table."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from expo.accounts.rules import Actor, Permission, require, require_confirmed
from expo.checkin.models import Presence, Zone
from expo.editions.queries import EditionFacts
from expo.infra.audit import record_export
from expo.pure.codes import show_code
from expo.registration.queries import (
    MAX_LIMIT,
    AttendeeFilter,
    AttendeeRow,
    HeldAddOn,
    list_add_ons_of,
    search_attendees,
)
from expo.registration.rules import AttendeeState

COLUMNS = (
    "code",
    "name",
    "latin_name",
    "email",
    "country",
    "company",
    "job_title",
    "ticket_type",
    "add_ons",
    "state",
    "order",
    "paid",
    "language",
    "registered_at",
)
Cell = str | int | float | bool | datetime | None


def export_people(
    actor: Actor, edition: EditionFacts, filters: AttendeeFilter, now: datetime
) -> Iterator[tuple[Cell, ...]]:
    """Record an export and return its rows: one of `COLUMNS` per matching attendee, newest first, read page by page."""
    require(actor, Permission.ATTENDEES_READ, edition.id)
    require_confirmed(actor)
    record_export(actor, "attendees", now, edition.id, **shown_filter(filters))
    return iterate_people(edition, filters)


def arrived_ids(edition_id: int) -> Select[int]:
    """Return a query for the ids of attendees who were admitted to a zone of the edition."""
    return (
        select(Presence.attendee_id)
        .join(Zone, Zone.id == Presence.zone_id)
        .where(Zone.edition_id == edition_id, Presence.entries > 0)
    )


def shown_filter(filters: AttendeeFilter) -> dict[str, str]:
    """Return the active parts of a filter for an audit entry; search terms are masked, as they may be names."""
    return {
        name: "…" if name == "q" else str(value)
        for name, value in vars(filters).items()
        if name != "among" and value not in (None, "", False, ())
    }


def filter_to_json(filters: AttendeeFilter) -> dict[str, Any]:
    """Return a filter as it is stored for a job."""
    return {
        "q": filters.q,
        "ticket_type": filters.ticket_type,
        "add_on": filters.add_on,
        "state": filters.state.value if filters.state else None,
        "country": filters.country,
        "updated_since": _to_text(filters.updated_since),
        "is_paid": filters.is_paid,
        "registered_after": _to_text(filters.registered_after),
        "expires_by": _to_text(filters.expires_by),
        "codes": list(filters.codes),
        "arrived": filters.among is not None,
    }


def filter_from_json(stored: Mapping[str, Any], edition_id: int) -> AttendeeFilter:
    """Return a stored filter."""
    return AttendeeFilter(
        q=stored["q"],
        ticket_type=stored["ticket_type"],
        add_on=stored.get("add_on"),
        state=AttendeeState(stored["state"]) if stored["state"] else None,
        country=stored["country"],
        updated_since=_to_moment(stored["updated_since"]),
        is_paid=stored["is_paid"],
        registered_after=_to_moment(stored["registered_after"]),
        expires_by=_to_moment(stored["expires_by"]),
        codes=tuple(stored["codes"]),
        among=arrived_ids(edition_id) if stored["arrived"] else None,
    )


def _to_text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _to_moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def iterate_people(edition: EditionFacts, filters: AttendeeFilter) -> Iterator[tuple[Cell, ...]]:
    """Yield one row of `COLUMNS` per matching attendee, newest first; the caller records the export."""
    cursor: int | None = None
    while True:
        page = search_attendees(edition.id, filters, cursor=cursor, limit=MAX_LIMIT)
        add_ons = list_add_ons_of([each.id for each in page.rows])
        for each in page.rows:
            yield _row(each, add_ons.get(each.id, ()), edition)
        cursor = page.next_cursor
        if cursor is None:
            return


def _row(each: AttendeeRow, add_ons: Sequence[HeldAddOn], edition: EditionFacts) -> tuple[Cell, ...]:
    return (
        show_code(each.code),
        each.name,
        each.latin_name,
        each.email,
        each.country,
        each.company,
        each.job_title,
        each.ticket_type_code,
        # One code for each unit, as an import reads it.
        ", ".join(add_on.code for add_on in add_ons for _ in range(add_on.quantity)),
        each.state.value,
        show_code(each.order_code),
        "yes" if each.is_paid else "no",
        each.language,
        each.created_at.astimezone(edition.zone).replace(microsecond=0).isoformat(),
    )
