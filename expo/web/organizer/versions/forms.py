"""The forms that publish a timetable."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, IntegerField, StringField
from wtforms.validators import InputRequired, Length

from expo.program.rules.versions import MAX_LABEL_LENGTH
from expo.web.kit.text_fields import moment_field


def _label_field(html_id: str) -> StringField:
    return StringField(
        _l("Name of this version"),
        id=html_id,
        description=_l("Shown with the changes, for example “Rooms of day two”."),
        validators=[Length(max=MAX_LABEL_LENGTH)],
        render_kw={"maxlength": MAX_LABEL_LENGTH, "dir": "auto"},
    )


def _notify_field(html_id: str) -> BooleanField:
    return BooleanField(_l("E-mail the people concerned"), id=html_id, default=True)


class PublishForm(FlaskForm):  # type: ignore[misc]
    """Publishes the draft, as it was when the page was opened."""

    revision = HiddenField(validators=[InputRequired()])
    label = _label_field("label")
    notify = _notify_field("notify")


class PlanForm(FlaskForm):  # type: ignore[misc]
    """Plans the publication of the draft."""

    label = _label_field("plan-label")
    notify = _notify_field("plan-notify")
    publish_at = moment_field(_l("Publish at"), _l("In the expo’s time zone. The draft is published as it is then."))


class RollBackForm(FlaskForm):  # type: ignore[misc]
    """Publishes an earlier version again."""

    number = IntegerField(validators=[InputRequired()])
    notify = BooleanField(_l("E-mail the people concerned"), default=True)
