"""Forms of meeting settings and tables."""

from collections.abc import Mapping
from datetime import date

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from expo.editions.queries import EditionFacts, HallRow
from expo.exhibitors.queries import ExhibitorRow
from expo.meetings.queries import TableRow
from expo.meetings.rules import SettingsRequest, TableRequest, parse_hours
from expo.meetings.rules.tables import MAX_CODE_LENGTH, MAX_TABLES_AT_ONCE
from expo.web.kit.choices import as_choices
from expo.web.kit.language import lazy_pgettext, localized
from expo.web.kit.text_fields import from_local, moment_field, to_local


def _number(label: str, description: str = "", least: int = 0) -> IntegerField:
    return IntegerField(
        label,
        description=description,
        validators=[InputRequired(_l("Enter a number."))],
        render_kw={"inputmode": "numeric", "min": least},
    )


class SettingsForm(FlaskForm):  # type: ignore[misc]
    """When meetings can be requested, how long they are, and the limits."""

    is_open = BooleanField(_l("Allow meeting requests"))
    opens_at = moment_field(_l("Requests open"), _l("In the expo’s time zone. Leave empty to open immediately."))
    closes_at = moment_field(_l("Requests close"), _l("Leave empty to keep requests open."))
    slot_minutes = _number(_l("Length of a meeting in minutes"), _l("In steps of 5."), 5)
    buffer_minutes = _number(_l("Pause after a meeting in minutes"), _l("In steps of 5."))
    walking_minutes = _number(_l("Time to walk between halls in minutes"))
    max_open = _number(_l("Unanswered requests per person"), least=1)
    max_per_day = _number(_l("Requests per person within 24 hours"), least=1)
    max_with_one = _number(_l("Open meetings with the same exhibitor or person"), least=1)
    expire_hours = _number(_l("Hours until an unanswered request expires"), least=1)
    no_show_minutes = _number(
        _l("Minutes until a meeting without check-in is released"), _l("0: meetings are never released.")
    )

    @classmethod
    def of(cls, settings: SettingsRequest, edition: EditionFacts) -> "SettingsForm":
        """Return the form filled in with the settings, or with what was just submitted."""
        data = {name: getattr(settings, name) for name in _PLAIN}
        data["opens_at"] = to_local(settings.opens_at, edition.zone)
        data["closes_at"] = to_local(settings.closes_at, edition.zone)
        return cls(data=data)

    def to_request(self, edition: EditionFacts, hours: Mapping[date, str]) -> SettingsRequest:
        """Return the submitted values as a service request. Raises Invalid `meeting_hours_invalid`."""
        return SettingsRequest(
            opens_at=from_local(self.opens_at.data, edition.zone),
            closes_at=from_local(self.closes_at.data, edition.zone),
            hours={day: parse_hours(text) for day, text in hours.items()},
            **{name: self[name].data for name in _PLAIN},
        )


_PLAIN = (
    "is_open",
    "slot_minutes",
    "buffer_minutes",
    "walking_minutes",
    "max_open",
    "max_per_day",
    "max_with_one",
    "expire_hours",
    "no_show_minutes",
)


def _name_field(description: str = "") -> StringField:
    return StringField(
        lazy_pgettext("object", "Name"),
        description=description,
        validators=[InputRequired(_l("Enter a name.")), Length(max=MAX_CODE_LENGTH)],
        render_kw={"dir": "auto"},
    )


def _seats_field(label: str) -> IntegerField:
    return IntegerField(
        label,
        default=4,
        validators=[InputRequired(_l("Enter a number."))],
        render_kw={"inputmode": "numeric", "min": 1},
    )


class _PlaceForm(FlaskForm):  # type: ignore[misc]
    """Where tables are, and whose."""

    hall_id = SelectField(_l("Hall or floor"), coerce=int)
    exhibitor_id = SelectField(_l("For"), coerce=int)

    def offer(self, halls: list[HallRow], exhibitors: list[ExhibitorRow]) -> None:
        """Set the choices: the halls, and whose the tables are."""
        self.hall_id.choices = as_choices([(0, _l("None")), *((each.id, localized(each.name)) for each in halls)])
        self.exhibitor_id.choices = as_choices([(0, _l("Everyone")), *((each.id, each.name) for each in exhibitors)])


class TablesForm(_PlaceForm):
    """Tables to add: how many, where, and whose."""

    code = _name_field(_l("Several tables are numbered: T becomes T1, T2, T3."))
    count = IntegerField(
        _l("Number of tables"),
        default=1,
        validators=[InputRequired(_l("Enter a number.")), NumberRange(1, MAX_TABLES_AT_ONCE)],
        render_kw={"inputmode": "numeric", "min": 1},
    )
    seats = _seats_field(_l("Seats at each"))

    def to_requests(self) -> list[TableRequest]:
        """Return the tables as service requests; several are numbered."""
        count, code, seats = self.count.data or 1, self.code.data or "", self.seats.data or 0
        names = [code] if count == 1 else [f"{code}{n}" for n in range(1, count + 1)]
        return [TableRequest(name, self.hall_id.data or None, seats, self.exhibitor_id.data or None) for name in names]


class TableForm(_PlaceForm):
    """One table: its name, where it is, whose, and whether it is in use."""

    code = _name_field()
    seats = _seats_field(_l("Seats"))
    is_active = BooleanField(_l("Schedule new meetings here"))

    @classmethod
    def of(cls, table: TableRow) -> "TableForm":
        """Return the form filled in with the table, or with what was just submitted."""
        return cls(
            data={
                "code": table.code,
                "seats": table.seats,
                "hall_id": table.hall_id or 0,
                "exhibitor_id": table.exhibitor_id or 0,
                "is_active": table.is_active,
            }
        )

    def to_request(self) -> TableRequest:
        """Return the table as a service request."""
        return TableRequest(
            self.code.data or "",
            self.hall_id.data or None,
            self.seats.data or 0,
            self.exhibitor_id.data or None,
            is_active=bool(self.is_active.data),
        )
