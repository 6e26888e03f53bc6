"""How meetings are shown: their groups in a list, the free times by day, and why there are none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from flask_babel import gettext as _

from expo.meetings.queries import MeetingRow, Party
from expo.meetings.rules import MeetingState
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
        if row.can_answer(party):
            groups.to_answer.append(row)
        elif row.state is MeetingState.SCHEDULED and not is_over:
            groups.scheduled.append(row)
        elif row.is_unanswered:
            groups.waiting.append(row)
        else:
            groups.past.append(row)
    return groups


def list_free_days(found: FreeSlots) -> FreeDays:
    """Return free slots by day."""
    return [(day, list(slots)) for day, slots in groupby(found.slots, key=lambda slot: slot.day)]


def list_proposed_days(row: MeetingRow, found: FreeSlots) -> FreeDays:
    """Return the slots to choose from when accepting: those proposed that are still free, else all free ones."""
    if row.proposals:
        found = FreeSlots(tuple(slot for slot in found.slots if slot.starts_at in row.proposals))
    return list_free_days(found)


def explain_obstacle(found: FreeSlots) -> str:
    """Say why no time is free, and what to change. The first group is the reader."""
    if found.obstacle is Obstacle.NOBODY_FREE and found.group == 0:
        return _("You have no free time: sessions, meetings and the times you keep free fill your days.")
    sentences = {
        Obstacle.NO_SLOTS: _("There are no times for meetings any longer."),
        Obstacle.NO_COMMON_DAY: _("You are not there on the same day. Check the days of your ticket."),
        Obstacle.NOBODY_FREE: _("They have no free time on your days. Visit the booth, or try again later."),
        Obstacle.NO_COMMON_TIME: _("You are never free at the same time. Free some time in your schedule."),
        Obstacle.NO_TABLE: _("No table is free when you both are. Meet online, or try again later."),
    }
    return sentences[found.obstacle] if found.obstacle else ""


def read_time(text: str) -> datetime | None:
    """Return the time of a form's choice; None for anything else."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=edition_zone())
