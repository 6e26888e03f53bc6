"""The upload form for attendee lists, what is chosen in a preview, and the confirmation of a schedule."""

from collections.abc import Mapping
from typing import Any

from flask import request
from flask_babel import gettext as _, lazy_gettext as _l, ngettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileRequired
from wtforms import BooleanField, IntegerField, RadioField
from wtforms.validators import Optional

from expo.imports.queries import RunRow
from expo.imports.rules import RunState
from expo.program.rules import ImportDecisions, ImportMode, Rename
from expo.web.kit.choices import as_choices
from expo.web.kit.formats import number
from expo.web.kit.uploads import FileField

# Long enough for a number, and for the words that our own pages send.
MAX_CHOICE = 12


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
                (ImportMode.REPLACE.value, _l("Replace: remove them, also from attendees’ schedules")),
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

    @classmethod
    def of(cls, run: RunRow) -> "ConfirmScheduleForm":
        """Return the form with what was chosen so far."""
        chosen = run.options.choices
        removals = chosen.get("removals", "")
        return cls(
            data={
                "take_good": bool(chosen.get("take_good")),
                "mode": chosen.get("mode", ImportMode.REPLACE.value),
                "removals": int(removals) if removals.isdecimal() else None,
            }
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
            self.removals.errors = [
                ngettext(
                    "The file removes %(count)s session. Enter this number.",
                    "The file removes %(count)s sessions. Enter this number.",
                    removed,
                    count=number(removed),
                )
            ]
            return False
        return True

    def read_decisions(self, run: RunRow) -> ImportDecisions:
        """Return what was decided on all pages of the preview."""
        return ImportDecisions(
            ImportMode(self.mode.data),
            list_taken(run),
            self.removals.data or 0,
            tuple(
                Rename(**each)
                for each in run.report.get("renames", ())
                if run.options.choices.get(rename_name(each)) == "same"
            ),
        )


def rename_name(rename: Mapping[str, Any]) -> str:
    """Return the name of the choice about a room or track that may be a renamed one."""
    return f"rename-{rename['kind']}-{rename['key']}"


def read_choices(run: RunRow) -> dict[str, str]:
    """Return what was chosen on the submitted page of a preview; empty for boxes on it that are not checked."""
    known = {
        *("use", "mode", "removals", "take_good"),
        *(f"use-{each}" for each in run.report.get("conflicts", ())),
        *(rename_name(each) for each in run.report.get("renames", ())),
    }
    offered = {*request.form, *request.form.getlist("offered")} & known
    return {name: request.form.get(name, "")[:MAX_CHOICE].strip() for name in offered}


def list_taken(run: RunRow) -> frozenset[str]:
    """Return the conflicts in which the file's value was chosen: for all of them, or differently for single ones."""
    chosen = run.options.choices
    for_all = chosen.get("use", "ours")
    return frozenset(
        each for each in run.report.get("conflicts", ()) if (chosen.get(f"use-{each}") or for_all) == "theirs"
    )
