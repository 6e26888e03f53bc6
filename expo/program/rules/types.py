"""The values of a session type that organizers enter. Pure."""

from dataclasses import dataclass, replace

from expo.errors import Invalid
from expo.program.rules.texts import Texts, check_texts

MAX_NAME_LENGTH = 200
# The longest session that the timetable can hold, in minutes: two days.
MAX_MINUTES = 2 * 24 * 60


@dataclass(frozen=True)
class TypeRequest:
    """The requested values of a session type; `minutes` is the usual duration."""

    name: Texts
    minutes: int | None = None
    is_break: bool = False


def check_type(request: TypeRequest) -> TypeRequest:
    """Return the request with a cleaned name. Raises Invalid."""
    name = check_texts(request.name, "name", MAX_NAME_LENGTH)
    if not name:
        raise Invalid("name_empty", field="name")
    if request.minutes is not None and not 1 <= request.minutes <= MAX_MINUTES:
        raise Invalid("number_out_of_range", field="minutes", maximum=MAX_MINUTES)
    return replace(request, name=name)
