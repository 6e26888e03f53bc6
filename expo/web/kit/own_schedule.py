"""The signed-in attendee's own schedule, as shown on programme pages."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby

from markupsafe import Markup, escape

from expo.editions.queries import EditionFacts
from expo.program.queries import SessionRow, list_agenda, list_full_session_ids, list_sessions
from expo.program.rules import find_alternatives, find_clashes, find_tight_walks
from expo.registration.queries import AttendeeRow, list_attendees_of_person
from expo.registration.rules import AttendeeState
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.caching import FRAGMENT_SECONDS, recent_value


@dataclass(frozen=True)
class OwnSession:
    """A session of one's own schedule: what it overlaps, whether there is time to walk there, and what else there is.

    `walk_from` is an earlier session in another hall that ends too shortly before.
    """

    row: SessionRow
    clashes: tuple[SessionRow, ...] = ()
    walk_from: SessionRow | None = None
    alternatives: tuple[SessionRow, ...] = ()
    is_on: bool = False
    is_over: bool = False


OwnDays = list[tuple[date | None, list[OwnSession]]]


def find_own_attendee() -> AttendeeRow | None:
    """Return the attendee whose schedule the signed-in person edits: themselves, else one they registered."""
    actor = current_actor()
    if actor.kind != "person" or actor.id is None:
        return None
    return first_confirmed(list_attendees_of_person(actor.id, current_edition().id), actor.id)


def first_confirmed(attendees: list[AttendeeRow], person_id: int) -> AttendeeRow | None:
    """Return the confirmed attendee who is this person, else the first confirmed one."""
    confirmed = [each for each in attendees if each.state is AttendeeState.CONFIRMED]
    return next((each for each in confirmed if each.person_id == person_id), next(iter(confirmed), None))


def list_own_sessions() -> list[SessionRow]:
    """Return the sessions on the signed-in attendee's schedule, by time; empty for anyone else."""
    attendee = find_own_attendee()
    return list_agenda(attendee.id, attendee.edition_id) if attendee else []


def describe_own_schedule(edition: EditionFacts, rows: Sequence[SessionRow], now: datetime) -> OwnDays:
    """Return the sessions of one's own schedule by day, with clashes, tight walks and alternatives for both."""
    held = [row for row in rows if not row.is_cancelled]
    clashes, walks = find_clashes(held), find_tight_walks(held)
    # What has begun can no longer be exchanged.
    at_risk = {at for at in clashes.keys() | walks.keys() if (begins := held[at].starts_at) and begins > now}
    program = _list_with_seats(edition) if at_risk else []
    described = {
        row.id: OwnSession(
            row=row,
            clashes=tuple(held[other] for other in clashes.get(at, ())),
            walk_from=held[walks[at]] if at in walks else None,
            alternatives=tuple(find_alternatives(row, held, program, now)) if at in at_risk else (),
            is_on=row.starts_at is not None and row.ends_at is not None and row.starts_at <= now < row.ends_at,
        )
        for at, row in enumerate(held)
    }
    entries = [
        replace(described.get(row.id, OwnSession(row)), is_over=row.ends_at is not None and row.ends_at <= now)
        for row in rows
    ]
    return [(day, list(group)) for day, group in groupby(entries, key=lambda each: each.row.day)]


def _list_with_seats(edition: EditionFacts) -> list[SessionRow]:
    full = list_full_session_ids(edition.id)
    return [row for row in list_whole_program(edition) if row.id not in full]


def list_whole_program(edition: EditionFacts) -> list[SessionRow]:
    """Return all public sessions, read once per content version."""
    key = ("whole_program", edition.id, edition.content_version)
    return recent_value(key, FRAGMENT_SECONDS, lambda: list_sessions(edition.id))


def mark_stars(body: Markup, own: Sequence[SessionRow]) -> Markup:
    """Return the markup with the sessions on the visitor's schedule starred."""
    text = str(body)
    for row in own:
        slug = escape(row.slug)
        text = text.replace(
            f'name="add" value="{slug}" aria-pressed="false"', f'name="remove" value="{slug}" aria-pressed="true"'
        )
    return Markup(text)  # noqa: S704 - was markup before, and slugs are escaped
