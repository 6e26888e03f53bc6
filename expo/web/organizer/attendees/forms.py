"""Forms of the attendee pages. They only collect input; the domain decides what is allowed."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from expo.registration.queries import AttendeeRow
from expo.registration.rules import AttendeeChange
from expo.web.forms.attendee_fields import (
    company_field,
    country_field,
    job_title_field,
    language_field,
    latin_name_field,
    name_field,
)
from expo.web.kit.choices import as_choices
from expo.web.kit.countries import countries_in
from expo.web.kit.language import current_locale


class AttendeeForm(FlaskForm):  # type: ignore[misc]
    """The details of an attendee that staff may change."""

    name = name_field(_l("The name to print on the badge, in the attendee’s own script."), is_own=False)
    latin_name = latin_name_field(_l("Printed below the name if it is in another script."))
    country = country_field(is_own=False)
    company = company_field(is_own=False)
    job_title = job_title_field(is_own=False)
    language = language_field()

    @classmethod
    def of(cls, attendee: AttendeeRow) -> "AttendeeForm":
        """Return the form filled in with the current details, or with what was just submitted."""
        form = cls(obj=attendee)
        form.country.choices = as_choices(countries_in(current_locale()))
        return form

    def to_change(self) -> AttendeeChange:
        """Return the submitted details as a command."""
        return AttendeeChange(
            name=self.name.data or "",
            latin_name=self.latin_name.data or "",
            country=self.country.data or "",
            company=self.company.data or "",
            job_title=self.job_title.data or "",
            language=self.language.data or "",
        )
