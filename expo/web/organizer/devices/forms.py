"""The form of a device."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from expo.checkin.queries.devices import DeviceRow
from expo.checkin.rules.devices import MAX_DEVICE_NAME, Profile
from expo.checkin.services.devices import DeviceRequest
from expo.web.kit.choices import as_choices, check_boxes
from expo.web.organizer.devices.labels import profile_label

MAX_DEVICES = 50


class DeviceForm(FlaskForm):  # type: ignore[misc]
    """A device: its name, what it is for, and where it may scan."""

    name = StringField(
        _l("Device name"),
        description=_l("For example, North gate 2. Shown in lists and next to its scans."),
        validators=[DataRequired(_l("Enter a name for the device.")), Length(max=MAX_DEVICE_NAME)],
    )
    profile = RadioField(
        _l("Profile"),
        default=Profile.STEWARD.value,
    )
    checkpoints = check_boxes(
        _l("Checkpoints"), description=_l("Where it can scan. Select none to allow all checkpoints.")
    )
    count = IntegerField(
        _l("Number of devices"),
        description=_l("Several devices are numbered, and their codes are shown on one sheet to print."),
        validators=[InputRequired(_l("Enter a number.")), NumberRange(1, MAX_DEVICES)],
        default=1,
        render_kw={"inputmode": "numeric", "min": 1, "max": MAX_DEVICES},
    )

    @classmethod
    def of(cls, device: DeviceRow) -> "DeviceForm":
        """Return the form filled in with a device, or with what was just submitted."""
        form = cls(data={"name": device.name, "profile": device.profile.value, "checkpoints": list(device.checkpoints)})
        del form.count
        return form

    def offer(self, checkpoints: Sequence[tuple[str, str]]) -> "DeviceForm":
        """Set the profiles, and the checkpoints to choose from."""
        self.profile.choices = as_choices([(each.value, word) for each, word in profile_label().items()])
        self.checkpoints.choices = as_choices(checkpoints)
        return self

    def to_request(self, name: str | None = None) -> DeviceRequest:
        """Return the submitted values as a service request."""
        return DeviceRequest(
            name or self.name.data or "", Profile(self.profile.data), frozenset(self.checkpoints.data or ())
        )

    def names(self) -> list[str]:
        """Return the names of the devices to create: numbered, if there are several."""
        name, count = self.name.data or "", self.count.data or 1
        return [name] if count == 1 else [f"{name} {number}" for number in range(1, count + 1)]
