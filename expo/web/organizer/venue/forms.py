"""Forms of halls and rooms."""

from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import FormField, HiddenField, IntegerField, SelectField, StringField
from wtforms.validators import Length, NumberRange, Optional

from expo.editions.queries import EditionFacts, HallRow, RoomRow
from expo.editions.rules import MAX_CAPACITY, HallRequest, RoomRequest
from expo.web.forms.row_fields import PeriodsField
from expo.web.kit.choices import as_choices
from expo.web.kit.language import localized
from expo.web.kit.text_fields import ShortTexts, split_words, texts_of


class HallForm(FlaskForm):  # type: ignore[misc]
    """A hall: its name."""

    name = FormField(ShortTexts, label=_l("Hall name"))

    def to_request(self, languages: tuple[str, ...], before: HallRow | None = None) -> HallRequest:
        """Return the submitted values as a service request."""
        return HallRequest(name=texts_of(self.name, languages, before.name if before else None))


class RoomForm(FlaskForm):  # type: ignore[misc]
    """A room: its name, location, capacity, equipment and when it is not available."""

    version = HiddenField()
    name = FormField(ShortTexts, label=_l("Room name"))
    hall_id = SelectField(_l("Hall or floor"), coerce=int)
    capacity = IntegerField(
        _l("Capacity"),
        description=_l("The number of people it holds. Leave empty if you do not know."),
        validators=[Optional(), NumberRange(1, MAX_CAPACITY)],
        render_kw={"inputmode": "numeric", "min": 1},
    )

    equipment = StringField(
        _l("Equipment"),
        description=_l("What sessions may need, such as projector, stage, livestream. Separate it with commas."),
        validators=[Length(max=4000)],
        render_kw={"dir": "auto"},
    )
    unavailable = PeriodsField(_l("Not available"))

    @classmethod
    def of(cls, room: RoomRow, zone: ZoneInfo) -> "RoomForm":
        """Return the form filled in with the room, or with what was just submitted."""
        return cls(data=values_of(room, zone))

    def offer(self, halls: list[HallRow]) -> None:
        """Set the choices: the halls."""
        self.hall_id.choices = as_choices([(0, _l("None")), *((each.id, localized(each.name)) for each in halls)])

    def to_request(self, edition: EditionFacts, before: RoomRow | None = None) -> RoomRequest:
        """Return the submitted values as a service request."""
        return RoomRequest(
            name=texts_of(self.name, edition.languages, before.name if before else None),
            hall_id=self.hall_id.data or None,
            capacity=self.capacity.data,
            equipment=split_words(self.equipment.data),
            unavailable=self.unavailable.to_periods(edition.zone),
        )


def values_of(room: RoomRow, zone: ZoneInfo) -> dict[str, Any]:
    """Return the values of a room by field."""
    return {
        "version": room.version,
        "name": room.name,
        "hall_id": room.hall.id if room.hall else 0,
        "capacity": room.capacity,
        "equipment": ", ".join(room.equipment),
        "unavailable": PeriodsField.of(room.unavailable, zone),
    }
