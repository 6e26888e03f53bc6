"""A sample form with a field of every kind."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, EmailField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired

from expo.web.kit.choices import as_choices


class SampleForm(FlaskForm):  # type: ignore[misc]
    """A form with a field of every kind, two of them with errors."""

    name = StringField(
        _l("Name"), description=_l("The name to print on the badge, in your own script."), validators=[InputRequired()]
    )
    email = EmailField(_l("E-mail address"), validators=[InputRequired()])
    about = TextAreaField(_l("Description"))
    day = DateField(_l("Day"))
    kind = SelectField(
        _l("Ticket"), choices=as_choices([("a", "Visitor"), ("b", "Rindfleischetikettierungsüberwachung")])
    )
    size = RadioField(
        _l("Direction"), choices=as_choices([("entry", _l("Entry")), ("exit", _l("Exit"))]), default="entry"
    )
    agree = BooleanField(_l("I agree to the terms of attendance and the privacy notice."))
