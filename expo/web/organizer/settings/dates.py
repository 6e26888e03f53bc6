"""The question before the expo's days change: what was typed is carried along, and what was shown is confirmed."""

from datetime import date

from werkzeug.datastructures import MultiDict

from expo.pure.door_days import DayRange

CONFIRMED = "confirmed_dates"
_NOT_CARRIED = frozenset({"csrf_token", CONFIRMED})


def typed_before(form: MultiDict[str, str]) -> list[tuple[str, str]]:
    """Return every field as it was sent, so that the answer to the question sends it again."""
    return [(name, value) for name, value in form.items(multi=True) if name not in _NOT_CARRIED]


def read_confirmed(form: MultiDict[str, str]) -> tuple[DayRange, DayRange] | None:
    """Return the days before and after that somebody was shown and confirmed; None where they were not asked."""
    try:
        first, last, new_first, new_last = map(date.fromisoformat, form.get(CONFIRMED, "").split("/"))
    except ValueError:
        return None
    return DayRange(first, last), DayRange(new_first, new_last)
