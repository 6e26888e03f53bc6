"""The form that asks for a one-time code, for sign-in and account pages."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, SubmitField
from wtforms.validators import DataRequired, Length


class CodeForm(FlaskForm):  # type: ignore[misc]
    """A one-time code from an authenticator app, or a recovery code."""

    code = StringField(
        _l("Verification code"),
        description=_l("The six-digit code from your authenticator app, or one of your recovery codes."),
        validators=[DataRequired(_l("Enter the code.")), Length(max=40)],
        render_kw={"autocomplete": "one-time-code", "dir": "ltr", "autocapitalize": "none", "spellcheck": "false"},
    )
    next = HiddenField()
    submit = SubmitField(_l("Continue"))
