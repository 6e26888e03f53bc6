"""When participants check in and are reminded. Pure."""

from datetime import datetime, timedelta

from expo.meetings.rules.meetings import MeetingState

CHECK_IN_FROM = timedelta(minutes=30)
CHECK_IN_UNTIL = timedelta(hours=4)
# A badge that is scanned as a lead checks its holder in from this long before their meeting until its end.
ARRIVE_FROM = timedelta(minutes=10)
# Also one that was released because nobody had been checked in until then.
ARRIVAL_STATES = frozenset({MeetingState.SCHEDULED, MeetingState.HELD, MeetingState.NO_SHOW})
REMIND_BEFORE = timedelta(minutes=30)
# Who has not answered a request is reminded so long before it expires, unless it was made or changed a short while ago.
REMIND_TO_ANSWER_BEFORE, REMIND_TO_ANSWER_AFTER = timedelta(hours=24), timedelta(hours=12)


def is_check_in_open(starts_at: datetime, ends_at: datetime, now: datetime) -> bool:
    """Return whether participants of a meeting can be checked in now."""
    return starts_at - CHECK_IN_FROM <= now <= ends_at + CHECK_IN_UNTIL
