"""What the help desk sees of a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from expo.badges.queries import BadgeRow, list_badges_of, list_print_states
from expo.badges.rules import PrintState, is_valid
from expo.checkin.models import Scan
from expo.checkin.queries.checkpoints import door_facts
from expo.checkin.rules import Direction, Verdict
from expo.infra.db import db
from expo.registration.models import Attendee
from expo.registration.queries import AttendeeRow, HeldAddOn, list_add_ons_of


@dataclass(frozen=True)
class EntriesToday:
    """The entries of a person on the current day of the expo: how many, and when the last was."""

    count: int = 0
    last_at: datetime | None = None


@dataclass(frozen=True)
class DeskCard:
    """A person as the desk sees them. `badge` is None until the registration is confirmed."""

    attendee: AttendeeRow
    badge: BadgeRow | None
    entries: EntriesToday
    print_state: PrintState | None
    has_id_check: bool
    add_ons: tuple[HeldAddOn, ...] = ()

    @property
    def has_valid_badge(self) -> bool:
        """Whether there is a badge to print."""
        return self.badge is not None and is_valid(self.badge.revoked_at)


def list_desk_cards(edition_id: int, attendees: Sequence[AttendeeRow], now: datetime) -> list[DeskCard]:
    """Return the cards of these attendees, in their order."""
    ids = [each.id for each in attendees]
    badges, prints, entries = list_badges_of(ids), list_print_states(ids), _entries_today(edition_id, ids, now)
    add_ons = list_add_ons_of(ids)
    checked = set(db.session.scalars(select(Attendee.id).where(Attendee.id.in_(ids), Attendee.id_check != "")))
    return [
        DeskCard(
            each,
            badges.get(each.id),
            entries.get(each.id, EntriesToday()),
            prints.get(each.id),
            each.id in checked,
            add_ons.get(each.id, ()),
        )
        for each in attendees
    ]


def _entries_today(edition_id: int, attendee_ids: Sequence[int], now: datetime) -> dict[int, EntriesToday]:
    calendar = door_facts(edition_id).calendar
    rows = db.session.execute(
        select(Scan.attendee_id, func.count().label("entries"), func.max(Scan.scanned_at).label("last_at"))
        .where(
            Scan.attendee_id.in_(attendee_ids),
            Scan.direction == Direction.ENTRY.value,
            Scan.verdict == Verdict.ADMITTED.value,
            Scan.scanned_at >= calendar.begins_at(calendar.day_of(now)),
        )
        .group_by(Scan.attendee_id)
    )
    return {row.attendee_id: EntriesToday(row.entries, row.last_at) for row in rows if row.attendee_id is not None}
