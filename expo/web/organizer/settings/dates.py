"""Confirming a change of the expo's dates: the form's input is carried along, with the dates that were confirmed."""

from datetime import date

from werkzeug.datastructures import MultiDict

from expo.pure.door_days import DayRange

CONFIRMED = "confirmed_dates"
_NOT_CARRIED = frozenset({"csrf_token", CONFIRMED})


def carried_fields(form: MultiDict[str, str]) -> list[tuple[str, str]]:
    """Return every submitted field, for the confirmation page to submit again."""
    return [(name, value) for name, value in form.items(multi=True) if name not in _NOT_CARRIED]


def read_confirmed(form: MultiDict[str, str]) -> tuple[DayRange, DayRange] | None:
    """Return the old and new dates that the user was shown and confirmed, or None if they were not asked."""
    try:
        first, last, new_first, new_last = map(date.fromisoformat, form.get(CONFIRMED, "").split("/"))
    except ValueError:
        return None
    return DayRange(first, last), DayRange(new_first, new_last)
