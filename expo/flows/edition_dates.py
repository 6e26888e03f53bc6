"""Change the expo's dates: ticket and badge days move along, after the organizer confirmed a preview."""

from dataclasses import dataclass
from datetime import datetime

from expo.accounts.rules import Actor, Permission, require
from expo.badges.queries import count_badges_out
from expo.badges.services import move_badge_days
from expo.checkin.queries.checkpoints import clear_checkpoint_cache
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
    """The effect of new dates on a ticket type: badges issued for the same days, and their new days."""

    name: dict[str, str]
    badges: int
    before: DayRange
    after: DayRange
    is_for_all_days: bool


@dataclass(frozen=True)
class DateChange:
    """The effects of a change of dates."""

    before: DayRange
    after: DayRange
    moves: tuple[TicketMove, ...]

    @property
    def badges(self) -> int:
        """The number of badges issued."""
        return sum(each.badges for each in self.moves)

    @property
    def must_be_confirmed(self) -> bool:
        """Whether badges were issued, or a ticket is valid on particular days only."""
        return self.badges > 0 or any(not each.is_for_all_days for each in self.moves)


def preview_dates(actor: Actor, edition_id: int, after: DayRange, now: datetime) -> DateChange:
    """Return the effect of changing the expo's dates to `after` on tickets and badges, without changing anything."""
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
    """Change an edition; if its dates change, the days of tickets and issued badges move along.

    `confirmed` are the dates before and after as shown to the organizer. Raises Conflict `dates_unconfirmed` if badges
    are issued, or tickets are valid on particular days, and these dates were not confirmed; Invalid with the field.
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
        on_commit(lambda: clear_checkpoint_cache(edition_id))
