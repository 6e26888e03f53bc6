"""Forms of the account pages."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField, SubmitField
from wtforms.validators import DataRequired, Length


class ConfirmPasswordForm(FlaskForm):  # type: ignore[misc]
    """Asks for the password again."""

    password = PasswordField(
        _l("Password"),
        validators=[DataRequired(_l("Enter your password.")), Length(max=256)],
        render_kw={"autocomplete": "current-password", "dir": "ltr"},
    )
    next = HiddenField()
    submit = SubmitField(_l("Confirm"))


class PasswordForm(FlaskForm):  # type: ignore[misc]
    """The current password and a new one."""

    old_password = PasswordField(
        _l("Current password"),
        validators=[DataRequired(_l("Enter your current password.")), Length(max=256)],
        render_kw={"autocomplete": "current-password", "dir": "ltr"},
    )
    password = PasswordField(
        _l("New password"),
        description=_l("At least 10 characters. A short sentence is easy to remember and hard to guess."),
        validators=[DataRequired(_l("Enter a password.")), Length(max=256)],
        render_kw={"autocomplete": "new-password", "dir": "ltr"},
    )
    submit = SubmitField(_l("Save password"))


class AuthenticatorForm(FlaskForm):  # type: ignore[misc]
    """The first code from an authenticator app."""

    code = StringField(
        _l("Verification code"),
        description=_l("The six-digit code shown in the app."),
        validators=[DataRequired(_l("Enter the code.")), Length(max=40)],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "dir": "ltr"},
    )
    submit = SubmitField(_l("Turn on"))
