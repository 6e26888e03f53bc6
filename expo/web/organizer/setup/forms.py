"""The form of a new expo."""

from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    FormField,
    StringField,
)
from wtforms.validators import DataRequired, InputRequired, Length

from expo.editions.queries import EditionFacts
from expo.editions.rules import MAX_SLUG_LENGTH
from expo.web.kit.text_fields import ShortTexts


class NewEditionForm(FlaskForm):  # type: ignore[misc]
    """A new expo with its required details."""

    slug = StringField(
        _l("Short name"),
        description=_l("Lowercase letters, digits and hyphens, such as expo-2028. It cannot be changed later."),
        validators=[DataRequired(_l("Enter a short name.")), Length(max=MAX_SLUG_LENGTH)],
        render_kw={"dir": "ltr", "autocapitalize": "none"},
    )
    title = FormField(ShortTexts, label=_l("Expo name"))
    starts_on = DateField(_l("First day"), validators=[InputRequired(_l("Choose the first day."))])
    ends_on = DateField(_l("Last day"), validators=[InputRequired(_l("Choose the last day."))])
    time_zone = StringField(
        _l("Time zone"),
        description=_l("An IANA time zone, such as Asia/Shanghai. All times are shown in this time zone."),
        validators=[DataRequired(_l("Enter a time zone."))],
        render_kw={"dir": "ltr", "list": "time-zones", "autocomplete": "off"},
    )


def first_free_start(editions: list[EditionFacts]) -> dict[str, Any]:
    """Return default dates for the next expo: a year after the last, on the same weekdays; none for the first."""
    if not editions:
        return {"time_zone": "Asia/Shanghai"}
    last = max(editions, key=lambda each: each.starts_on)
    return {
        "starts_on": last.starts_on + timedelta(weeks=52),
        "ends_on": last.ends_on + timedelta(weeks=52),
        "time_zone": last.time_zone,
    }
