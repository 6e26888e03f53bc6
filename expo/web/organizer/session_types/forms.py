"""The form of a session type."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, FormField, HiddenField, IntegerField
from wtforms.validators import NumberRange, Optional

from expo.program.queries import TypeRow
from expo.program.rules import TypeRequest
from expo.web.kit.language import lazy_pgettext
from expo.web.kit.text_fields import ShortTexts, texts_of

MAX_MINUTES = 2 * 24 * 60


class TypeForm(FlaskForm):  # type: ignore[misc]
    """A session type."""

    version = HiddenField()
    name = FormField(ShortTexts, label=lazy_pgettext("object", "Name"))
    minutes = IntegerField(
        _l("Usual duration in minutes"),
        description=_l("Suggested when a session of this type is placed in the timetable."),
        validators=[Optional(), NumberRange(1, MAX_MINUTES)],
        render_kw={"inputmode": "numeric", "min": 1},
    )
    is_break = BooleanField(_l("A break: without speakers and reservations"))

    @classmethod
    def of(cls, row: TypeRow) -> "TypeForm":
        """Return the form filled in with a session type, or with what was just submitted."""
        return cls(data=values_of(row))

    def to_request(self, languages: tuple[str, ...], before: TypeRow | None = None) -> TypeRequest:
        """Return the submitted values as a service request."""
        return TypeRequest(
            name=texts_of(self.name, languages, before.name if before else None),
            minutes=self.minutes.data,
            is_break=bool(self.is_break.data),
        )


def values_of(row: TypeRow) -> dict[str, Any]:
    """Return the values of a session type by field."""
    return {"version": row.version, "name": row.name, "minutes": row.minutes, "is_break": row.is_break}
