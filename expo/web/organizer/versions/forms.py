"""The forms that publish a timetable."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, IntegerField, StringField
from wtforms.validators import InputRequired, Length

from expo.program.rules.versions import MAX_LABEL_LENGTH
from expo.web.kit.text_fields import moment_field


class PublishForm(FlaskForm):  # type: ignore[misc]
    """Publishes the draft, as it was when the page was opened."""

    revision = HiddenField(validators=[InputRequired()])
    label = StringField(
        _l("Name of this version"),
        description=_l("Shown with the changes, for example “Rooms of day two”."),
        validators=[Length(max=MAX_LABEL_LENGTH)],
        render_kw={"maxlength": MAX_LABEL_LENGTH, "dir": "auto"},
    )
    notify = BooleanField(_l("E-mail the people concerned"), default=True)


class PlanForm(FlaskForm):  # type: ignore[misc]
    """Plans the publication of the draft."""

    publish_at = moment_field(
        _l("Publish at"),
        _l("In the expo’s time zone. The draft is published as it is then, and the people concerned get an e-mail."),
    )


class RollBackForm(FlaskForm):  # type: ignore[misc]
    """Publishes an earlier version again."""

    number = IntegerField(validators=[InputRequired()])
    notify = BooleanField(_l("E-mail the people concerned"), default=True)
