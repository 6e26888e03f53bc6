"""The form of a session's seat limit."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import IntegerField
from wtforms.validators import NumberRange, Optional

MAX_SEATS = 100_000


class SeatLimitForm(FlaskForm):  # type: ignore[misc]
    """How many seats attendees can take in advance."""

    limit = IntegerField(
        _l("Seats"),
        description=_l(
            "Raising the number offers the new seats to the waiting list. Lowering it does not take any seats away. "
            "Leave it empty if no seat is needed."
        ),
        validators=[Optional(), NumberRange(0, MAX_SEATS)],
        render_kw={"inputmode": "numeric", "min": 0},
    )
