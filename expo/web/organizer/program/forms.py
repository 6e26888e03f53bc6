"""Forms for importing a programme: the upload, and the confirmation of the preview."""

from flask_babel import gettext as _, lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, IntegerField
from wtforms.validators import Optional

from expo.program.services import ScheduleChange


class ScheduleFileForm(FlaskForm):  # type: ignore[misc]
    """The uploaded schedule."""

    file = FileField(
        _l("File"),
        description=_l("frab XML or JSON (as exported by pretalx and pentabarf), OPass JSON or Sessionize JSON."),
        validators=[FileRequired(_l("Choose a file."))],
        render_kw={"accept": ".xml,.json"},
    )


class ScheduleAnswerForm(FlaskForm):  # type: ignore[misc]
    """Confirms the changes shown in the preview."""

    take_good = BooleanField(_l("Import the sessions that can be read and skip the others"))
    removals = IntegerField(
        _l("Number of sessions to be removed"),
        description=_l("Enter the number to make sure that the file does not empty the programme by mistake."),
        validators=[Optional()],
    )

    def confirms(self, change: ScheduleChange, *, has_faults: bool) -> bool:
        """Return whether everything that needs confirmation is confirmed; otherwise add errors to the fields."""
        if has_faults and not self.take_good.data:
            self.take_good.errors = [_("Select this to import the rest, or correct the file and upload it again.")]
            return False
        if change.removes_much and self.removals.data != len(change.removed):
            self.removals.errors = [
                _("The file removes %(count)s sessions. Enter this number.", count=len(change.removed))
            ]
            return False
        return True
