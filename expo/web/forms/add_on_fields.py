"""The add-ons that somebody chooses, as a field with an input for each, and why staff cannot give one."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from wtforms import Field
from wtforms.utils import unset_value

from expo.errors import ExpoError
from expo.tickets.errors import AddOnSoldOut
from expo.tickets.queries import AddOnRow
from expo.web.kit.errors import message_of
from expo.web.kit.language import localized

MAX_UNITS = 99


class AddOnsField(Field):
    """How many units of each add-on are chosen, by code. Inputs are named after the field and the code.

    `components/add_ons.html` has the inputs: a box to check if only one unit may be chosen, else a list of numbers.
    """

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Read the units from the form, and otherwise from the data."""
        super().process(None, data, extra_filters)
        self.data: dict[str, int] = dict(self.data or {})
        if formdata:
            self.data = self._read(formdata)

    def input_name(self, code: str) -> str:
        """Return the name of the input of an add-on."""
        return f"{self.name}-{code}"

    def to_units(self) -> tuple[str, ...]:
        """Return the code of each chosen unit."""
        return tuple(code for code, quantity in sorted(self.data.items()) for _unit in range(quantity))

    def _read(self, formdata: Any) -> dict[str, int]:
        prefix = self.input_name("")
        units: dict[str, int] = {}
        for name in formdata:
            value = formdata.get(name, "")
            if name.startswith(prefix) and value.isascii() and value.isdigit() and 0 < int(value) <= MAX_UNITS:
                units[name.removeprefix(prefix)] = int(value)
        return units


def explain_to_staff(error: ExpoError, add_ons: Iterable[AddOnRow]) -> str:
    """Return the message of a refused add-on, with its name."""
    code = error.params.get("add_on")
    name = next((localized(each.name) for each in add_ons if each.code == code), "")
    if name and isinstance(error, AddOnSoldOut):
        return _("%(name)s: only %(left)s left.", name=name, left=error.params["left"])
    return f"{name}: {message_of(error)}" if name else message_of(error)
