"""The forms of the kiosk."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from expo.badges.rules import MAX_PIN_LENGTH
from expo.pure.fields import MAX_NAME_LENGTH
from expo.web.kit.choices import as_choices
from expo.web.kit.language import lazy_pgettext

MAX_CODE = 1000


class PinForm(FlaskForm):  # type: ignore[misc]
    """The kiosk's PIN, and where its badges are printed."""

    pin = PasswordField(
        _l("PIN"),
        validators=[InputRequired(_l("Enter the PIN.")), Length(max=MAX_PIN_LENGTH)],
        render_kw={"inputmode": "numeric", "autocomplete": "off", "dir": "ltr"},
    )
    station = SelectField(_l("Badges are printed at"), choices=as_choices([("", _l("Any station"))]), default="")

    def offer(self, stations: tuple[str, ...]) -> None:
        """Set the choices of stations."""
        self.station.choices = as_choices([("", _l("Any station")), *((each, each) for each in stations)])


class CodeForm(FlaskForm):  # type: ignore[misc]
    """A scanned code."""

    code = StringField(
        lazy_pgettext("badge", "Code"),
        validators=[DataRequired(), Length(max=MAX_CODE)],
        render_kw={"autocomplete": "off", "dir": "ltr", "autocapitalize": "off", "spellcheck": "false"},
    )


class PersonForm(FlaskForm):  # type: ignore[misc]
    """A name and the address it was registered with."""

    name = StringField(
        _l("Name"),
        validators=[DataRequired(_l("Enter your name.")), Length(max=MAX_NAME_LENGTH)],
        render_kw={"autocomplete": "off", "dir": "auto", "autocapitalize": "words", "spellcheck": "false"},
    )
    email = EmailField(
        _l("E-mail address"),
        description=_l("The address that your registration was confirmed with."),
        validators=[DataRequired(_l("Enter an e-mail address.")), Length(max=320)],
        render_kw={"autocomplete": "off", "dir": "ltr", "autocapitalize": "off", "inputmode": "email"},
    )
