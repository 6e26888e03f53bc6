"""The upload form for attendee lists, and the confirmations of previewed schedules and companies."""

from flask import request
from flask_babel import gettext as _, lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, IntegerField, RadioField
from wtforms.validators import Optional

from expo.imports.queries import RunRow
from expo.imports.rules import RunState
from expo.program.rules import ImportDecisions, ImportMode, Rename
from expo.web.kit.choices import as_choices


class FileForm(FlaskForm):  # type: ignore[misc]
    """The uploaded list of attendees."""

    file = FileField(
        _l("File"),
        description=_l(
            "CSV, Excel or JSON, up to 16 MB. Exports from Eventbrite, Tito, Attendize, Indico and pretix are "
            "recognized."
        ),
        validators=[FileRequired(_l("Choose a file."))],
        render_kw={"accept": ".csv,.tsv,.txt,.xlsx,.xls,.ods,.json", "required": True},
    )


class ConfirmScheduleForm(FlaskForm):  # type: ignore[misc]
    """Confirms the changes shown in the preview of a schedule."""

    take_good = BooleanField(_l("Import the sessions that can be read and skip the others"))
    mode = RadioField(
        _l("Sessions that are not in the file"),
        choices=as_choices(
            [
                (ImportMode.REPLACE.value, _l("Replace: remove them, also from attendees' schedules")),
                (ImportMode.UPDATE.value, _l("Add and update: keep them")),
            ]
        ),
        default=ImportMode.REPLACE.value,
    )
    removals = IntegerField(
        _l("Number of sessions to be removed"),
        description=_l("Enter the number to make sure that the file does not empty the programme by mistake."),
        validators=[Optional()],
    )

    def confirms(self, run: RunRow) -> bool:
        """Return whether everything that needs confirmation is confirmed; otherwise add errors to the fields."""
        if not self.validate():
            return False
        if run.state is not RunState.READY:
            return True
        if run.counts.faulted and not self.take_good.data:
            self.take_good.errors = [_("Select this to import the rest, or correct the file and upload it again.")]
            return False
        removed = run.report["removed"]["count"]
        if self.mode.data == ImportMode.UPDATE:
            return True
        if run.report["removes_much"] and self.removals.data != removed:
            self.removals.errors = [_("The file removes %(count)s sessions. Enter this number.", count=removed)]
            return False
        return True

    def read_decisions(self, run: RunRow) -> ImportDecisions:
        """Return what was decided: for all conflicts, and differently for single ones."""
        for_all = request.form.get("use", "ours")
        use = {each: request.form.get(f"use-{each}") or for_all for each in run.report.get("conflicts", ())}
        return ImportDecisions(
            ImportMode(self.mode.data),
            frozenset(each for each, whose in use.items() if whose == "theirs"),
            self.removals.data or 0,
            tuple(
                Rename(**each)
                for at, each in enumerate(run.report.get("renames", ()))
                if request.form.get(f"rename-{at}") == "same"
            ),
        )


def read_taken(run: RunRow) -> frozenset[str]:
    """Return the fields of companies, edited here, for which the file's value is chosen."""
    conflicts = frozenset(run.report.get("conflicts", ()))
    return conflicts if request.form.get("take-all") == "1" else conflicts & set(request.form.getlist("take"))
