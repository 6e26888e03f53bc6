"""Forms of an exhibitor's pages: the team, and the answer to the organizers' question."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from expo.exhibitors.queries import MemberRow
from expo.exhibitors.rules import MAX_MESSAGE_LENGTH, MemberRole
from expo.flows.exhibitor_passes import PassHolder
from expo.web.forms.attendee_fields import country_field, job_title_field, latin_name_field, name_field
from expo.web.kit.choices import as_choices
from expo.web.kit.countries import countries_in
from expo.web.kit.exhibitor_labels import MEMBER_ROLES
from expo.web.kit.language import current_locale


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


class RemoveMemberForm(FlaskForm):  # type: ignore[misc]
    """What happens to the badge of somebody who leaves the team."""

    badge = RadioField(
        _l("Their badge"),
        choices=as_choices(
            [
                ("cancel", _l("Cancel it, so that the pass is free again. If it was scanned already, it stays valid.")),
                ("keep", _l("Leave it valid. The pass remains used.")),
            ]
        ),
        default="cancel",
    )

    @classmethod
    def of(cls, member: MemberRow) -> "RemoveMemberForm":
        """Return the form; without a pass it asks nothing."""
        form = cls()
        if not member.has_pass:
            del form.badge
        return form

    def keeps_badge(self) -> bool:
        """Return whether the badge stays valid."""
        return "badge" in self and self.badge.data == "keep"


class PassForm(FlaskForm):  # type: ignore[misc]
    """What the badge of a member says."""

    name = name_field(_l("As it should be printed on the badge."), is_own=False)
    latin_name = latin_name_field(_l("Only if the name is not in Latin letters."))
    country = country_field(is_own=False)
    job_title = job_title_field(is_own=False)

    @classmethod
    def of(cls, member: MemberRow, country: str) -> "PassForm":
        """Return the form filled in with what is known about the member."""
        form = cls(data={"name": member.name, "country": country})
        form.country.choices = as_choices([("", "–"), *countries_in(current_locale())])
        return form

    def to_holder(self) -> PassHolder:
        """Return what the badge should say."""
        return PassHolder(
            name=self.name.data or "",
            country=self.country.data or "",
            latin_name=self.latin_name.data or "",
            job_title=self.job_title.data or "",
        )


class ReplyForm(FlaskForm):  # type: ignore[misc]
    """The answer to the organizers' question about an application."""

    text = TextAreaField(
        _l("Your answer"),
        validators=[DataRequired(_l("Enter a message.")), Length(max=MAX_MESSAGE_LENGTH)],
        render_kw={"rows": 5, "dir": "auto"},
    )
