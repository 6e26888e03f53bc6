"""Forms of an exhibitor's pages: the team, and the answer to the organizers' question."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from expo.exhibitors.rules import MAX_MESSAGE_LENGTH, MemberRole
from expo.web.kit.choices import as_choices
from expo.web.kit.exhibitor_labels import MEMBER_ROLES


def role_field() -> SelectField:
    """Return the field of a member's role."""
    return SelectField(
        _l("Role"),
        choices=as_choices((each.value, MEMBER_ROLES[each]) for each in MemberRole),
        default=MemberRole.REPRESENTATIVE.value,
    )


class InviteMemberForm(FlaskForm):  # type: ignore[misc]
    """Invite somebody to the team."""

    email = EmailField(
        _l("E-mail address"),
        validators=[DataRequired(_l("Enter an e-mail address.")), Length(max=320)],
        render_kw={"dir": "ltr", "autocomplete": "off"},
    )
    name = StringField(_l("Name"), validators=[Length(max=200)], render_kw={"dir": "auto", "autocomplete": "off"})
    role = role_field()
    language = SelectField(
        _l("Language of the invitation"), description=_l("People with an account get it in their own language.")
    )


class MemberForm(FlaskForm):  # type: ignore[misc]
    """The role of a member."""

    role = role_field()


class ReplyForm(FlaskForm):  # type: ignore[misc]
    """The answer to the organizers' question about an application."""

    text = TextAreaField(
        _l("Your answer"),
        validators=[DataRequired(_l("Enter a message.")), Length(max=MAX_MESSAGE_LENGTH)],
        render_kw={"rows": 5, "dir": "auto"},
    )
