"""Forms of the organizer's pages. They gather what was typed; what is allowed is decided by the rules of the domain."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from expo.pure.fields import MAX_NAME_LENGTH, MAX_TEXT_LENGTH
from expo.registration.queries import AttendeeRow
from expo.registration.rules import AttendeeChange
from expo.web.kit.choices import as_choices
from expo.web.kit.countries import countries_in
from expo.web.kit.language import LANGUAGES, current_locale


class AttendeeForm(FlaskForm):  # type: ignore[misc]
    """What staff may change of an attendee."""

    name = StringField(
        _l("Name"),
        description=_l("The name to print on the badge, in the attendee's own script."),
        validators=[DataRequired(_l("Enter a name.")), Length(max=MAX_NAME_LENGTH)],
        render_kw={"dir": "auto"},
    )
    latin_name = StringField(
        _l("Name in Latin letters"),
        description=_l("Printed below the name if it is in another script."),
        validators=[Length(max=MAX_NAME_LENGTH)],
        render_kw={"dir": "ltr"},
    )
    country = SelectField(_l("Country or region"), validators=[InputRequired(_l("Choose a country or region."))])
    company = StringField(
        _l("Company or organization"), validators=[Length(max=MAX_TEXT_LENGTH)], render_kw={"dir": "auto"}
    )
    job_title = StringField(_l("Job title"), validators=[Length(max=MAX_TEXT_LENGTH)], render_kw={"dir": "auto"})
    language = SelectField(_l("Language of e-mails"), choices=as_choices((each.code, each.name) for each in LANGUAGES))

    @classmethod
    def of(cls, attendee: AttendeeRow) -> "AttendeeForm":
        """Return the form filled in with what is known, or with what was just typed."""
        form = cls(obj=attendee)
        form.country.choices = as_choices(countries_in(current_locale()))
        return form

    def to_change(self) -> AttendeeChange:
        """Return what was typed as a plain value."""
        return AttendeeChange(
            name=self.name.data or "",
            latin_name=self.latin_name.data or "",
            country=self.country.data or "",
            company=self.company.data or "",
            job_title=self.job_title.data or "",
            language=self.language.data or "",
        )
