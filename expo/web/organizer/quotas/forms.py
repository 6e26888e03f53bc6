"""The form of a quota."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    IntegerField,
    StringField,
)
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from expo.web.kit.choices import check_boxes

MAX_PLACES = 10_000_000


class QuotaForm(FlaskForm):  # type: ignore[misc]
    """A number of places, and the ticket types and add-ons that share it."""

    name = StringField(
        _l("Quota name"),
        description=_l("Only your team sees this name, such as Seats in the great hall."),
        validators=[DataRequired(_l("Enter a name.")), Length(max=100)],
        render_kw={"dir": "auto"},
    )
    size = IntegerField(
        _l("Places"),
        description=_l("Leave empty to count places without a limit."),
        validators=[Optional(), NumberRange(0, MAX_PLACES)],
        render_kw={"inputmode": "numeric", "min": 0},
    )
    ticket_types = check_boxes(_l("Tickets that use this quota"))
    add_ons = check_boxes(_l("Add-ons that use this quota"))
