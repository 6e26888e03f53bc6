"""Forms of messages to one exhibitor or to several."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from expo.exhibitors.rules import MAX_MESSAGE_LENGTH


class MessageForm(FlaskForm):  # type: ignore[misc]
    """A message to exhibitors."""

    text = TextAreaField(
        _l("Your message"),
        validators=[DataRequired(_l("Enter a message.")), Length(max=MAX_MESSAGE_LENGTH)],
        render_kw={"rows": 6, "dir": "auto"},
    )
