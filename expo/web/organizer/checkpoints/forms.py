"""The form of a checkpoint."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import FormField, HiddenField, IntegerField, RadioField, SelectField, SelectFieldBase, StringField
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from expo.checkin.queries.checkpoints import CheckpointRow
from expo.checkin.queries.zones import ZoneRow
from expo.checkin.rules import MAX_CODE_LENGTH, CheckpointKind
from expo.checkin.services.checkpoints import CheckpointRequest
from expo.editions.queries import EditionFacts
from expo.web.kit.choices import as_choices, check_boxes
from expo.web.kit.formats import datetime_local, number
from expo.web.kit.language import localized
from expo.web.kit.scan_labels import CHECKPOINT_KINDS
from expo.web.kit.text_fields import ShortTexts, from_local, moment_field, texts_of, to_local
from expo.web.organizer.changes import ChangedField
from expo.web.organizer.checkpoints.parts import SETTINGS, version_of_part

EVERYONE, SOME = "everyone", "some"
MAX_PEOPLE = 1_000_000
Choices = list[tuple[int, str]]


class CheckpointForm(FlaskForm):  # type: ignore[misc]
    """A checkpoint: its name, location, who may pass, capacity and opening hours."""

    zones: Mapping[int, ZoneRow] = {}

    # That of the settings as they were when the form was opened.
    version = HiddenField()
    code = StringField(
        _l("Code"),
        description=_l(
            "Short and without spaces, such as north-gate. Scanners use it, and it cannot be changed later."
        ),
        validators=[DataRequired(_l("Enter a code.")), Length(max=MAX_CODE_LENGTH)],
        render_kw={"dir": "ltr", "autocapitalize": "none"},
    )
    name = FormField(ShortTexts, label=_l("Checkpoint name"))
    kind = SelectField(
        _l("Kind"),
        choices=as_choices((each.value, words) for each, words in CHECKPOINT_KINDS.items()),
        default=CheckpointKind.GATE.value,
    )
    who = RadioField(
        _l("Who can enter"),
        choices=as_choices([(EVERYONE, _l("All tickets")), (SOME, _l("Selected tickets only"))]),
        default=EVERYONE,
    )
    ticket_type_ids = check_boxes(_l("Accepted tickets"), coerce=int)
    capacity = IntegerField(
        _l("Capacity"),
        description=_l("Leave it empty for no limit."),
        validators=[Optional(), NumberRange(1, MAX_PEOPLE)],
        render_kw={"inputmode": "numeric", "min": 1},
    )
    zone_id = SelectField(
        _l("Zone"),
        description=_l(
            "All checkpoints of a zone share its count and capacity. If you choose another zone, its capacity applies."
        ),
        coerce=int,
        default=0,
    )
    opens_at = moment_field(_l("Opens"), _l("In the expo’s time zone. Leave empty to keep it open at all times."))
    closes_at = moment_field(_l("Closes"))
    hall_id = SelectField(_l("Hall"), coerce=int)
    room_id = SelectField(_l("Room"), description=_l("For the entrance of a room."), coerce=int)
    session_id = SelectField(
        _l("Session"), description=_l("For rules about its times and seats."), coerce=int, default=0
    )

    @classmethod
    def of(cls, door: CheckpointRow, edition: EditionFacts) -> "CheckpointForm":
        """Return the form filled in with the checkpoint, or with what was just submitted."""
        return cls(
            data={
                "code": door.code,
                "name": door.name,
                "who": EVERYONE if door.ticket_type_ids is None else SOME,
                "ticket_type_ids": sorted(door.ticket_type_ids or ()),
                "capacity": door.capacity,
                "opens_at": to_local(door.opens_at, edition.zone),
                "closes_at": to_local(door.closes_at, edition.zone),
                "hall_id": door.hall_id or 0,
                "room_id": door.room_id or 0,
                "kind": door.kind.value,
                "session_id": door.session_id or 0,
                "zone_id": door.zone_id,
                "version": version_of_part(door, SETTINGS),
            }
        )

    def show_values(self, door: CheckpointRow) -> dict[str, ChangedField]:
        """Return the values of a checkpoint in words, by field, for somebody who is about to replace them."""
        chosen = {name: _words_of(self[name]) for name in ("kind", "zone_id", "hall_id", "room_id", "session_id")}
        types = _words_of(self.ticket_type_ids)
        everybody = str(_("All tickets"))
        values = {
            "name": " / ".join(door.name.values()),
            "ticket_type_ids": everybody
            if door.ticket_type_ids is None
            else " · ".join(types[each] for each in sorted(door.ticket_type_ids) if each in types),
            "capacity": "" if door.capacity is None else number(door.capacity),
            "opens_at": datetime_local(door.opens_at, "short") if door.opens_at else "",
            "closes_at": datetime_local(door.closes_at, "short") if door.closes_at else "",
            **{name: labels.get(getattr(door, name) or 0, "") for name, labels in chosen.items() if name != "kind"},
            "kind": chosen["kind"].get(door.kind.value, ""),
        }
        return {name: ChangedField(self[name].label.text, value) for name, value in values.items()}

    def offer(
        self, *, ticket_types: Choices, halls: Choices, rooms: Choices, sessions: Choices, zones: Sequence[ZoneRow]
    ) -> None:
        """Set the choices."""
        self.zones = {each.id: each for each in zones}
        of_its_own = [] if self.zone_id.object_data else [(0, _l("A zone of its own"))]
        self.zone_id.choices = as_choices([*of_its_own, *((each.id, localized(each.name)) for each in zones)])
        self.ticket_type_ids.choices = as_choices(ticket_types)
        self.hall_id.choices = as_choices([(0, _l("None")), *halls])
        self.room_id.choices = as_choices([(0, _l("None")), *rooms])
        self.session_id.choices = as_choices([(0, _l("None")), *sessions])

    def to_request(self, edition: EditionFacts, before: CheckpointRow | None = None) -> CheckpointRequest:
        """Return the submitted values as a service request."""
        chosen = self.zones.get(self.zone_id.data)
        is_same = chosen is None or (before is not None and chosen.id == before.zone_id)
        return CheckpointRequest(
            zone_id=chosen.id if chosen else None,
            name=texts_of(self.name, edition.languages, before.name if before else None),
            hall_id=self.hall_id.data or None,
            room_id=self.room_id.data or None,
            ticket_type_ids=None if self.who.data == EVERYONE else frozenset(self.ticket_type_ids.data or ()),
            capacity=self.capacity.data if chosen is None or is_same else chosen.capacity,
            opens_at=from_local(self.opens_at.data, edition.zone),
            closes_at=from_local(self.closes_at.data, edition.zone),
            position=before.position if before else 0,
            kind=CheckpointKind(self.kind.data),
            session_id=self.session_id.data or None,
            rule=before.rule if before else None,
            questions=before.questions if before else (),
        )


def _words_of(field: SelectFieldBase) -> dict[Any, str]:
    """Return the words of a field's choices by value."""
    return {each[0]: str(each[1]) for each in field.iter_choices()}
