"""Forms of the timetable: the place of one session, and the minutes that the checks use."""

import json
from datetime import UTC, date, time, timedelta
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, SelectField, TimeField
from wtforms.validators import InputRequired, NumberRange

from expo.program.queries import Draft, DraftSession
from expo.program.rules.timetable import (
    MAX_CHECK_MINUTES,
    MAX_DURATION,
    Slot,
    day_of,
    moment_on_day,
    slot_from_json,
    slot_to_json,
)
from expo.web.kit.choices import as_choices
from expo.web.kit.formats import date_local
from expo.web.kit.language import localized

MAX_MINUTES = int(MAX_DURATION.total_seconds() // 60)
FIRST_TIME = time(9)


class PlacementForm(FlaskForm):  # type: ignore[misc]
    """The room, day, time and duration of a session in the draft."""

    room_id = SelectField(_l("Room"), coerce=int)
    day = SelectField(_l("Day"))
    starts = TimeField(
        _l("Start"),
        description=_l("Times before 4:00 a.m. count as the night after the chosen day."),
        validators=[InputRequired(_l("Enter a time, such as 10:30."))],
    )
    minutes = IntegerField(
        _l("Duration in minutes"),
        validators=[InputRequired(_l("Enter the duration in minutes.")), NumberRange(5, MAX_MINUTES)],
        render_kw={"inputmode": "numeric", "min": 5, "max": MAX_MINUTES, "step": 5},
    )
    # The place that the person saw, so that a change by somebody else in the meantime is noticed.
    before = HiddenField()

    @classmethod
    def of(cls, session: DraftSession, draft: Draft, days: list[date], zone: ZoneInfo) -> "PlacementForm":
        """Return the form filled in with the session's place, or with what was just submitted."""
        slot = session.slot
        form = cls(
            data={
                "room_id": slot.room_id or 0 if slot else next(iter(draft.rooms), 0),
                "day": (day_of(slot.starts_at, zone) if slot else days[0]).isoformat(),
                "starts": _clock_of(slot, zone)[1] if slot else FIRST_TIME,
                "minutes": session.minutes,
                "before": json.dumps(slot_to_json(slot)),
            }
        )
        form.room_id.choices = as_choices(
            [
                (0, _l("No room")),
                *(
                    (each.id, " · ".join(filter(None, (localized(each.name), localized(each.hall_name)))))
                    for each in draft.rooms.values()
                ),
            ]
        )
        form.day.choices = as_choices([(each.isoformat(), date_local(each, "yMMMEd")) for each in days])
        return form

    def to_slot(self, zone: ZoneInfo) -> Slot:
        """Return the submitted place."""
        if self.starts.data is None or self.minutes.data is None:
            raise ValueError("the form has not been validated")
        day, clock, seen = date.fromisoformat(self.day.data), self.starts.data, self.seen_slot()
        # In UTC, so that a session lasts as long as entered even when clocks change.
        starts_at = moment_on_day(day, clock, zone).astimezone(UTC)
        if seen and _clock_of(seen, zone) == (day, clock):
            # When clocks go back, this time is there twice: a session stays in the hour in which it is.
            starts_at = seen.starts_at
        return Slot(self.room_id.data or None, starts_at, starts_at + timedelta(minutes=self.minutes.data))

    def seen_slot(self) -> Slot | None:
        """Return the place that the person saw; one that cannot be read equals no place."""
        try:
            return slot_from_json(json.loads(self.before.data or "null"))
        except (ValueError, KeyError, TypeError):
            return None

    def see(self, slot: Slot | None) -> None:
        """Show the place that the session has now, so that submitting again overwrites it knowingly."""
        self.before.data = json.dumps(slot_to_json(slot))


def _clock_of(slot: Slot, zone: ZoneInfo) -> tuple[date, time]:
    """Return the day of the programme and the time at which a session begins, as the form shows them."""
    return day_of(slot.starts_at, zone), slot.starts_at.astimezone(zone).time().replace(second=0, microsecond=0, fold=0)


class CheckMinutesForm(FlaskForm):  # type: ignore[misc]
    """The minutes that the conflict checks use."""

    walking_minutes = IntegerField(
        _l("Minutes between two halls"),
        description=_l("How long a speaker needs from one hall to another."),
        validators=[InputRequired(_l("Enter a number of minutes.")), NumberRange(0, MAX_CHECK_MINUTES)],
        render_kw={"inputmode": "numeric", "min": 0, "max": MAX_CHECK_MINUTES},
    )
    buffer_minutes = IntegerField(
        _l("Minutes between two sessions in a room"),
        description=_l("Shorter pauses are shown as a note. Enter 0 to ignore them."),
        validators=[InputRequired(_l("Enter a number of minutes.")), NumberRange(0, MAX_CHECK_MINUTES)],
        render_kw={"inputmode": "numeric", "min": 0, "max": MAX_CHECK_MINUTES},
    )
