"""Changing the expo's days: the days of tickets and badges move along, and whoever changes them is told first."""

from dataclasses import dataclass
from datetime import datetime

from expo.accounts.rules import Actor, Permission, require
from expo.badges.queries import count_badges_out
from expo.badges.services import move_badge_days
from expo.checkin.queries.checkpoints import forget_door_facts
from expo.editions.queries import get_edition
from expo.editions.rules import EditionChange, check_edition
from expo.editions.services import change_edition, lock_dates
from expo.errors import Conflict
from expo.infra.audit import record_act
from expo.infra.db import atomic, on_commit, retried
from expo.pure.door_days import DayRange, move_days
from expo.tickets.queries import list_ticket_types
from expo.tickets.services import move_ticket_days


@dataclass(frozen=True)
class TicketMove:
    """What a change of dates means for a ticket type: badges out for the same days, and their days after it."""

    name: dict[str, str]
    badges: int
    before: DayRange
    after: DayRange
    is_for_all_days: bool


@dataclass(frozen=True)
class DateChange:
    """What a change of dates would do."""

    before: DayRange
    after: DayRange
    moves: tuple[TicketMove, ...]

    @property
    def badges(self) -> int:
        """How many badges are out."""
        return sum(each.badges for each in self.moves)

    @property
    def must_be_confirmed(self) -> bool:
        """Whether somebody holds a badge, or a ticket is for particular days only."""
        return self.badges > 0 or any(not each.is_for_all_days for each in self.moves)


def preview_dates(actor: Actor, edition_id: int, after: DayRange, now: datetime) -> DateChange:
    """Return what changing the expo's days to `after` would do to tickets and badges; nothing is changed."""
    require(actor, Permission.EDITION_MANAGE, edition_id)
    before = get_edition(edition_id).day_range
    badges_out = count_badges_out(edition_id)
    moves = []
    for ticket_type in list_ticket_types(edition_id, now):
        counts = {DayRange.of(ticket_type.valid_from, ticket_type.valid_days): 0}
        counts |= {each.valid: each.count for each in badges_out if each.ticket_type_id == ticket_type.id}
        moves += [
            TicketMove(
                name=ticket_type.name,
                badges=count,
                before=valid,
                after=move_days(valid, before, after),
                is_for_all_days=valid.first <= before.first and valid.last >= before.last,
            )
            for valid, count in counts.items()
        ]
    return DateChange(before, after, tuple(moves))


@retried
def change_edition_with_dates(
    actor: Actor,
    edition_id: int,
    change: EditionChange,
    now: datetime,
    confirmed: tuple[DayRange, DayRange] | None = None,
) -> None:
    """Change what an edition is; when its days change, those of its tickets and of the badges out move along.

    `confirmed` are the days before and after as somebody was shown them. Raises Conflict `dates_unconfirmed` where
    badges are out, or tickets are for particular days, and these days were not confirmed; Invalid with the field.
    """
    require(actor, Permission.EDITION_MANAGE, edition_id)
    check_edition(change)
    after = DayRange(change.starts_on, change.ends_on)
    with atomic():
        before = lock_dates(edition_id)
        if before != after:
            moves = preview_dates(actor, edition_id, after, now)
            if moves.must_be_confirmed and confirmed != (before, after):
                raise Conflict("dates_unconfirmed")
            move_ticket_days(edition_id, before, after)
            move_badge_days(edition_id, before, after)
            record_act(
                actor,
                "edition.move",
                now,
                edition_id=edition_id,
                subject="edition",
                subject_id=edition_id,
                before=[before.first.isoformat(), before.last.isoformat()],
                after=[after.first.isoformat(), after.last.isoformat()],
                badges=moves.badges,
            )
        change_edition(actor, edition_id, change, now, may_move=True)
        on_commit(lambda: forget_door_facts(edition_id))
