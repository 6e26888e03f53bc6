"""Forms of attendees' own pages."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from expo.registration.rules import AttendeeChange
from expo.web.forms.attendee_fields import (
    company_field,
    country_field,
    job_title_field,
    latin_name_field,
    name_field,
)


class ChangeForm(FlaskForm):  # type: ignore[misc]
    """The details that attendees may change themselves."""

    name = name_field(_l("A badge you have already printed stays valid."), is_own=True)
    latin_name = latin_name_field()
    country = country_field(is_own=True)
    company = company_field(is_own=True)
    job_title = job_title_field(is_own=True)

    def to_change(self) -> AttendeeChange:
        """Return the submitted details as a command."""
        return AttendeeChange(
            name=self.name.data or "",
            latin_name=self.latin_name.data or "",
            country=self.country.data or "",
            company=self.company.data or "",
            job_title=self.job_title.data or "",
        )
