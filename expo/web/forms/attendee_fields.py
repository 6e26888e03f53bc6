"""Fields for an attendee's details, the same on every form.

`is_own` means that people enter their own details. Only then may browsers autofill them: at the help desk they would
fill in the details of the staff member.
"""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from expo.pure.fields import MAX_NAME_LENGTH, MAX_TEXT_LENGTH
from expo.pure.languages import LANGUAGES
from expo.web.kit.choices import as_choices
from expo.web.kit.language import lazy_pgettext


def name_field(description: Any, *, is_own: bool) -> StringField:
    """Return the field for a name in its original script."""
    missing = _l("Enter your name.") if is_own else lazy_pgettext("person", "Enter a name.")
    return StringField(
        _l("Name"),
        description=description,
        validators=[DataRequired(missing), Length(max=MAX_NAME_LENGTH)],
        render_kw={"dir": "auto", "autocomplete": "name" if is_own else "off"},
    )


def latin_name_field(description: Any = "") -> StringField:
    """Return the field for a name in Latin letters, which browsers cannot autofill."""
    return StringField(
        _l("Name in Latin letters"),
        description=description,
        validators=[Length(max=MAX_NAME_LENGTH)],
        render_kw={"dir": "ltr", "autocomplete": "off"},
    )


def country_field(*, is_own: bool) -> SelectField:
    """Return the field for a country or region; its choices depend on the reader's language."""
    return SelectField(
        _l("Country or region"),
        validators=[InputRequired(_l("Choose a country or region."))],
        render_kw={"autocomplete": "country" if is_own else "off"},
    )


def company_field(*, is_own: bool) -> StringField:
    """Return the field for a company or organization."""
    return StringField(
        _l("Company or organization"),
        validators=[Length(max=MAX_TEXT_LENGTH)],
        render_kw={"dir": "auto", "autocomplete": "organization" if is_own else "off"},
    )


def job_title_field(*, is_own: bool) -> StringField:
    """Return the field for a job title."""
    return StringField(
        _l("Job title"),
        validators=[Length(max=MAX_TEXT_LENGTH)],
        render_kw={"dir": "auto", "autocomplete": "organization-title" if is_own else "off"},
    )


def language_field() -> SelectField:
    """Return the field for the language of an attendee's e-mails."""
    return SelectField(_l("E-mail language"), choices=as_choices((each.code, each.name) for each in LANGUAGES))
