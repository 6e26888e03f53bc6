"""The form of what the control room assumes."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, RadioField
from wtforms.validators import InputRequired, NumberRange

from expo.checkin.queries.alarms import ControlRoomRow
from expo.checkin.rules.alarms import CONTROL_ROOM_LIMITS, Curve
from expo.web.kit.choices import as_choices

CURVES = {
    Curve.AUTOMATIC: _l("Automatic: previous days, else the previous expo, else the built-in curve"),
    Curve.PREVIOUS_DAYS: _l("As on the previous days of this expo"),
    Curve.PREVIOUS_EDITION: _l("As at the previous expo"),
    Curve.BUILT_IN: _l("Built-in curve: most people come between 9:00 and 11:00"),
}


def _number_field(name: str, label: Any, description: Any = "") -> IntegerField:
    least, most = CONTROL_ROOM_LIMITS[name]
    return IntegerField(
        label,
        description=description,
        validators=[InputRequired(), NumberRange(least, most)],
        render_kw={"inputmode": "numeric", "min": least, "max": most},
    )


class ControlRoomForm(FlaskForm):  # type: ignore[misc]
    """When alarms are raised, and what the forecast of arrivals assumes."""

    silent_minutes = _number_field(
        "silent_minutes",
        _l("Minutes without a scan at an entrance"),
        _l("An alarm is raised if an entrance that was in use is silent for this long while others are scanning."),
    )
    queue_minutes = _number_field(
        "queue_minutes",
        _l("Minutes that a device may hold scans"),
        _l("An alarm is raised if a device reports scans older than this that have not been sent."),
    )
    sends_emails = BooleanField(_l("Also send alarms to organizers by e-mail"))
    show_percent = _number_field(
        "show_percent",
        _l("Percentage of registered people who come"),
        _l("For the forecast: of the people with a ticket for a day. It is corrected as people arrive."),
    )
    curve = RadioField(
        _l("When people arrive"),
        description=_l(
            "Past days show when people come to this expo. The more people came on a day, the more it counts."
        ),
        choices=as_choices((each.value, words) for each, words in CURVES.items()),
        default=Curve.AUTOMATIC.value,
    )
    scan_seconds = _number_field(
        "scan_seconds",
        _l("Seconds per person at a lane"),
        _l("From one person to the next, including looking for the badge."),
    )
    wait_minutes = _number_field("wait_minutes", _l("Longest acceptable wait in minutes"))
    wait_percent = _number_field(
        "wait_percent", _l("Percentage of people who may not wait longer"), _l("The other people may wait longer.")
    )

    def to_request(self) -> ControlRoomRow:
        """Return the submitted values."""
        return ControlRoomRow(
            silent_minutes=self.silent_minutes.data or 0,
            queue_minutes=self.queue_minutes.data or 0,
            sends_emails=bool(self.sends_emails.data),
            show_percent=self.show_percent.data or 0,
            curve=Curve(self.curve.data),
            scan_seconds=self.scan_seconds.data or 0,
            wait_minutes=self.wait_minutes.data or 0,
            wait_percent=self.wait_percent.data or 0,
        )
