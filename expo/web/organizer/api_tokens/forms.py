"""The form of an API token."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from expo.accounts.rules import Permission
from expo.web.kit.choices import as_choices, check_boxes
from expo.web.organizer.labels import PERMISSIONS


class ApiTokenForm(FlaskForm):  # type: ignore[misc]
    """A new API token."""

    name = StringField(
        _l("Token name"),
        description=_l("What the token is for, such as Scanners at the north gate."),
        validators=[DataRequired(_l("Enter a name.")), Length(max=100)],
        render_kw={"dir": "auto"},
    )
    permissions = check_boxes(
        _l("Permissions"),
        choices=as_choices((each.value, PERMISSIONS[each]) for each in Permission if each is not Permission.REGISTER),
    )
