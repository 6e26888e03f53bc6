"""How meetings are shown: their groups in a list, the free times by day, and why there are none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from flask_babel import gettext as _

from expo.editions.queries import EditionFacts
from expo.meetings.queries import MeetingRow, ParticipantRow, Party
from expo.meetings.rules import MeetingState, ParticipantState, Side
from expo.pure.free_slots import FreeSlots, Obstacle, Slot
from expo.web.kit.formats import edition_zone

FreeDays = list[tuple[date, list[Slot]]]


@dataclass(frozen=True)
class MeetingGroups:
    """A party's meetings, as lists show them."""

    to_answer: list[MeetingRow]
    scheduled: list[MeetingRow]
    waiting: list[MeetingRow]
    past: list[MeetingRow]


def group_meetings(party: Party, rows: Sequence[MeetingRow], now: datetime) -> MeetingGroups:
    """Divide meetings by what the party can do: answer, come, wait for an answer, look back."""
    groups = MeetingGroups([], [], [], [])
    for row in rows:
        is_over = row.ends_at is not None and row.ends_at < now
        if row.own_state(party) is ParticipantState.DECLINED:
            groups.past.append(row)
        elif row.can_answer(party):
            groups.to_answer.append(row)
        elif row.state is MeetingState.SCHEDULED and not is_over:
            groups.scheduled.append(row)
        elif row.is_unanswered:
            groups.waiting.append(row)
        else:
            groups.past.append(row)
    return groups


def list_guests_to_name(row: MeetingRow, side: Side | None) -> list[ParticipantRow]:
    """Return the guests of whom the host says which one they mean; none if there is only one."""
    return row.all_guests if side is Side.HOST and len(row.all_guests) > 1 else []


def list_free_days(found: FreeSlots) -> FreeDays:
    """Return free slots by day."""
    return [(day, list(slots)) for day, slots in groupby(found.slots, key=lambda slot: slot.day)]


def list_proposed_days(row: MeetingRow, found: FreeSlots) -> FreeDays:
    """Return the slots to choose from when accepting: those proposed that are still free, else all free ones.

    A group that has a time keeps it.
    """
    proposals = (row.starts_at,) if row.is_group and row.starts_at is not None else row.proposals
    if proposals:
        found = FreeSlots(tuple(slot for slot in found.slots if slot.starts_at in proposals))
    return list_free_days(found)


def explain_obstacle(
    found: FreeSlots, own_group: int | None, *, is_company: bool = False, has_booth: bool = True
) -> str:
    """Say why no time is free, and what to do. The reader is in the group `own_group`; organizers are in none.

    `has_booth` is false if the reader would meet other attendees, who can only be met by appointment.
    """
    if found.obstacle is None:
        return ""
    if own_group is None:
        sentences = _obstacles_of_others()
    elif is_company:
        sentences = {**_obstacles(), **_obstacles_of_company()}
    else:
        sentences = _obstacles()
        if not has_booth:
            sentences[Obstacle.NOBODY_FREE] = _obstacles_of_company()[Obstacle.NOBODY_FREE]
    if found.obstacle is Obstacle.NOBODY_FREE and found.group == own_group and own_group is not None:
        return _nobody_of_us(is_company=is_company)
    return sentences[found.obstacle]


def _nobody_of_us(*, is_company: bool) -> str:
    if is_company:
        return _(
            "Nobody on your team is free: sessions and meetings fill their days. Cancel a meeting, or add a colleague "
            "to your team."
        )
    return _(
        "You have no free time: sessions, meetings and the times you keep free fill your days. Remove a session from "
        "your schedule or a time that you keep free, and try again."
    )


def _obstacles() -> dict[Obstacle, str]:
    return {
        Obstacle.NO_SLOTS: _("There are no times left for meetings."),
        Obstacle.NO_COMMON_DAY: _("You are not at the expo on the same day. Check the days of your ticket."),
        Obstacle.NOBODY_FREE: _("They have no free time on your days. Visit the booth, or try again later."),
        Obstacle.NO_COMMON_TIME: _("You are never free at the same time. Free some time in your schedule."),
        Obstacle.NO_TABLE: _("No table is free when you both are. Meet online, or try again later."),
    }


def _obstacles_of_company() -> dict[Obstacle, str]:
    return {
        Obstacle.NO_COMMON_DAY: _(
            "They are not at the expo on the same days as your team. Check the passes of your team."
        ),
        Obstacle.NOBODY_FREE: _("They have no free time on the days of their ticket. Try again later."),
        Obstacle.NO_COMMON_TIME: _("Nobody on your team is free when they are. Cancel a meeting, or add a colleague."),
    }


def _obstacles_of_others() -> dict[Obstacle, str]:
    return {
        Obstacle.NO_SLOTS: _("There are no times left for meetings."),
        Obstacle.NO_COMMON_DAY: _("They are not at the expo on the same day. Check the days of their tickets."),
        Obstacle.NOBODY_FREE: _("One side has no free time. Cancel one of its meetings first."),
        Obstacle.NO_COMMON_TIME: _("They are never free at the same time. Cancel a meeting of one of them first."),
        Obstacle.NO_TABLE: _("No table is free when they are. Add tables, or choose another place."),
    }


def choose_day(text: str, edition: EditionFacts, now: datetime) -> date:
    """Return the day of an address, else today, else the first one of the expo."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = now.astimezone(edition.zone).date()
    return day if day in edition.days else edition.days[0]


def read_time(text: str) -> datetime | None:
    """Return the time of a form's choice; None for anything else."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=edition_zone())
