"""The forms for the kiosk's PIN and the print stations."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import PasswordField, TextAreaField
from wtforms.validators import InputRequired, Optional

from expo.badges.rules import MAX_PIN_LENGTH, MAX_STATION_NAME, MAX_STATIONS


class PinForm(FlaskForm):  # type: ignore[misc]
    """A new PIN."""

    pin = PasswordField(
        _l("New PIN"),
        description=_l("6 to 12 digits. Kiosks that are running lock themselves."),
        validators=[InputRequired(_l("Enter a PIN."))],
        render_kw={"inputmode": "numeric", "autocomplete": "new-password", "dir": "ltr", "maxlength": MAX_PIN_LENGTH},
    )


class StationsForm(FlaskForm):  # type: ignore[misc]
    """The names of the print stations, one a line."""

    stations = TextAreaField(
        _l("Print stations"),
        description=_l(
            "One name per line, such as “Hall 1 printer”. Desks and kiosks choose where their badges are printed."
        ),
        validators=[Optional()],
        render_kw={"rows": 4, "dir": "auto", "maxlength": MAX_STATIONS * (MAX_STATION_NAME + 2)},
    )
