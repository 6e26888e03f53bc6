"""The questions that staff answer at a checkpoint before they admit somebody."""

from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from expo.accounts.rules import Permission
from expo.checkin.queries.checkpoints import get_checkpoint
from expo.checkin.rules.validation import MAX_QUESTIONS
from expo.checkin.services.checkpoints import CheckpointRequest
from expo.errors import Conflict, Invalid, Outdated
from expo.infra.clock import utcnow
from expo.tickets.queries import list_ticket_types
from expo.web.forms.row_fields import ROW_ACTION
from expo.web.kit.access import current_edition
from expo.web.kit.errors import message_of
from expo.web.kit.language import localized
from expo.web.organizer.changes import ChangedField
from expo.web.organizer.checkpoints.parts import QUESTIONS, find_other_change, save_part, version_of_part
from expo.web.organizer.checkpoints.question_forms import QUESTION_KINDS, QuestionsForm, to_form_data
from expo.web.organizer.sections import section_blueprint

blueprint = section_blueprint("organizer_door_questions", __name__, "/checkpoints", Permission.CHECKPOINTS_MANAGE)


@blueprint.route("/<code>/questions", methods=["GET", "POST"])
def edit_questions(code: str) -> str | AnyResponse | tuple[str, int]:
    """Change the questions; buttons that add or remove one only show the form again."""
    edition = current_edition()
    door = get_checkpoint(edition.id, code)
    form = QuestionsForm(data={**to_form_data(door.questions), "version": version_of_part(door, QUESTIONS)})
    action = request.form.get(ROW_ACTION, "")
    if action:
        form = _change_rows(form, action)
    form.offer([(each.code, localized(each.name)) for each in list_ticket_types(edition.id, utcnow())])
    problem, others = "", None
    if not action and form.validate_on_submit():
        try:
            save_part(
                code,
                QUESTIONS,
                form.version.data or "",
                lambda now: replace(
                    CheckpointRequest.of(now), questions=form.to_questions(edition.languages, now.questions)
                ),
            )
        except Outdated:
            door = get_checkpoint(edition.id, code)
            theirs = " · ".join(localized(each["text"]) for each in door.questions) or _("No questions yet.")
            others = find_other_change(door, {"questions": ChangedField(_("Questions"), theirs)})
            form.version.data = version_of_part(door, QUESTIONS)  # saving again is confirmation enough
        except (Conflict, Invalid) as error:
            problem = message_of(error)
        else:
            flash(_("Changes saved. Scanners update within two seconds."), "success")
            return redirect(url_for("organizer_door_questions.edit_questions", code=code))
    page = render_template(
        "organizer/checkpoints/questions.html",
        form=form,
        door=door,
        problem=problem,
        kinds=QUESTION_KINDS,
        edition_languages=edition.languages,
        has_room=len(form.questions) < MAX_QUESTIONS,
        other_changes=others,
        current_url=url_for("organizer_door_questions.edit_questions", code=code),
    )
    return page, 409 if others is not None else 422 if problem or form.errors else 200


def _change_rows(form: QuestionsForm, action: str) -> QuestionsForm:
    """Return the form as submitted, with a question added (`add`) or removed (`remove:2`), and nothing checked."""
    rows: list[dict[str, Any]] = [entry.form.data for entry in form.questions]
    verb, _sep, index = action.partition(":")
    if verb == "add" and form.new_kind.data in QUESTION_KINDS and len(rows) < MAX_QUESTIONS:
        rows.append({"kind": form.new_kind.data})
    elif verb == "remove" and index.isascii() and index.isdigit() and int(index) < len(rows):
        rows.pop(int(index))
    data = {"questions": rows, "new_kind": form.new_kind.data, "version": form.version.data}
    return QuestionsForm(formdata=None, data=data)
