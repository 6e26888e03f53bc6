"""Forms of the team section: assigning a role, and requiring a second factor."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    EmailField,
    SelectField,
)
from wtforms.validators import DataRequired, Length

from expo.accounts.rules import Role
from expo.web.kit.choices import as_choices, check_boxes
from expo.web.organizer.labels import ROLES

# Roles that organizers can assign.
ASSIGNABLE_ROLES = (Role.ORGANIZER, Role.PROGRAM_MANAGER, Role.DESK, Role.STEWARD, Role.REVIEWER)


class RoleForm(FlaskForm):  # type: ignore[misc]
    """Invite a person with a role."""

    email = EmailField(
        _l("E-mail address"),
        description=_l(
            "We send an invitation to this address. Team members sign in with a link by e-mail, so they do not "
            "need a password."
        ),
        validators=[DataRequired(_l("Enter an e-mail address.")), Length(max=320)],
        render_kw={"dir": "ltr", "autocomplete": "off"},
    )
    role = SelectField(_l("Role"), choices=as_choices((role.value, ROLES[role]) for role in ASSIGNABLE_ROLES))


class SecondFactorForm(FlaskForm):  # type: ignore[misc]
    """The roles that require a second factor."""

    roles = check_boxes(
        _l("Roles that require a second factor"),
        _l(
            "Team members with these roles sign in with a passkey or an authenticator app in addition to their "
            "password or link."
        ),
        choices=as_choices((role.value, ROLES[role]) for role in ASSIGNABLE_ROLES),
    )
