"""Forms of the attendee's own pages."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from expo.pure.fields import MAX_NAME_LENGTH, MAX_TEXT_LENGTH
from expo.registration.rules import AttendeeChange


class ChangeForm(FlaskForm):  # type: ignore[misc]
    """What attendees may change of themselves."""

    name = StringField(
        _l("Name"),
        description=_l("A badge you have already printed stays valid."),
        validators=[DataRequired(_l("Enter your name.")), Length(max=MAX_NAME_LENGTH)],
        render_kw={"autocomplete": "name", "dir": "auto"},
    )
    latin_name = StringField(
        _l("Name in Latin letters"), validators=[Length(max=MAX_NAME_LENGTH)], render_kw={"dir": "ltr"}
    )
    country = SelectField(_l("Country or region"), validators=[InputRequired(_l("Choose a country or region."))])
    company = StringField(
        _l("Company or organization"), validators=[Length(max=MAX_TEXT_LENGTH)], render_kw={"dir": "auto"}
    )
    job_title = StringField(_l("Job title"), validators=[Length(max=MAX_TEXT_LENGTH)], render_kw={"dir": "auto"})

    def to_change(self) -> AttendeeChange:
        """Return what was typed as a plain value."""
        return AttendeeChange(
            name=self.name.data or "",
            latin_name=self.latin_name.data or "",
            country=self.country.data or "",
            company=self.company.data or "",
            job_title=self.job_title.data or "",
        )


class QuestionForm(FlaskForm):  # type: ignore[misc]
    """A question with one button: the answer is yes when it is pressed."""
