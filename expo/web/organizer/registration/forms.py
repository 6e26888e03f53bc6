"""The form of the registration period."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField

from expo.editions.queries import EditionFacts
from expo.editions.rules import RegistrationWindow
from expo.web.kit.text_fields import from_local, moment_field, to_local


class RegistrationWindowForm(FlaskForm):  # type: ignore[misc]
    """The switch, and the opening and closing times."""

    is_open = BooleanField(
        _l("Allow visitors to register"),
        description=_l("While this is off, the public pages say that registration is closed."),
    )
    opens_at = moment_field(_l("Opens"), _l("In the expo’s time zone. Leave empty to open immediately."))
    closes_at = moment_field(_l("Closes"), _l("Leave empty to keep registration open."))

    @classmethod
    def of(cls, edition: EditionFacts) -> "RegistrationWindowForm":
        """Return the form filled in with the current period, or with what was just submitted."""
        window = edition.registration
        return cls(
            data={
                "is_open": window.is_open,
                "opens_at": to_local(window.opens_at, edition.zone),
                "closes_at": to_local(window.closes_at, edition.zone),
            }
        )

    def to_window(self, edition: EditionFacts) -> RegistrationWindow:
        """Return the submitted period as a plain value."""
        return RegistrationWindow(
            is_open=bool(self.is_open.data),
            opens_at=from_local(self.opens_at.data, edition.zone),
            closes_at=from_local(self.closes_at.data, edition.zone),
        )
