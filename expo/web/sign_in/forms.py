"""Forms of the sign-in pages."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, PasswordField, SubmitField
from wtforms.validators import DataRequired, Length


class SignInForm(FlaskForm):  # type: ignore[misc]
    """An e-mail address and an optional password; without it a link is mailed."""

    email = EmailField(
        _l("E-mail address"),
        validators=[DataRequired(_l("Enter your e-mail address.")), Length(max=320)],
        render_kw={"autocomplete": "username", "inputmode": "email", "dir": "ltr"},
    )
    password = PasswordField(
        _l("Password"),
        description=_l("Leave empty to get a sign-in link by e-mail."),
        validators=[Length(max=256)],
        render_kw={"autocomplete": "current-password", "dir": "ltr"},
    )
    next = HiddenField()
    submit = SubmitField(_l("Continue"))
