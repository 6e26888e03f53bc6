"""The questions that a company's team asks visitors."""

from flask import flash, redirect, url_for
from flask_babel import gettext as _, lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from expo.errors import Conflict, Invalid, Missing
from expo.exhibitors.rules import TeamAction
from expo.infra.clock import utcnow
from expo.leads.queries import list_questions
from expo.leads.rules import Question
from expo.leads.services import add_question, change_question, move_question, remove_question
from expo.questions.rules import FieldKind
from expo.web.exhibitor.company_pages import render_company_page
from expo.web.exhibitor.confirmations import confirm_deletion
from expo.web.exhibitor.leads.section import blueprint
from expo.web.exhibitor.sections import require_action
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.choices import as_choices
from expo.web.kit.form_pages import show_at_field
from expo.web.kit.lead_labels import QUESTION_KINDS

Page = str | Response | tuple[str, int]
_STEPS = {"up": -1, "down": 1}


class QuestionForm(FlaskForm):  # type: ignore[misc]
    """A question in the company's own words."""

    label = StringField(
        _l("Question"), validators=[DataRequired(_l("Enter a question.")), Length(max=200)], render_kw={"dir": "auto"}
    )
    kind = SelectField(_l("Answer"), choices=as_choices((each.value, words) for each, words in QUESTION_KINDS.items()))
    options = TextAreaField(
        _l("Options"),
        description=_l("For a choice: one option on each line."),
        validators=[Length(max=4000)],
        render_kw={"rows": 4, "dir": "auto"},
    )

    def to_question(self, question_id: int = 0) -> Question:
        """Return the question as entered."""
        options = tuple((self.options.data or "").splitlines())
        return Question(FieldKind(self.kind.data), self.label.data or "", options, question_id)


@blueprint.route("/questions", methods=["GET", "POST"])
def edit_questions() -> Page:
    """List the questions, and add one."""
    membership = require_action(TeamAction.EXPORT_LEADS)
    form = QuestionForm()
    if form.validate_on_submit():
        try:
            add_question(current_actor(), current_edition().id, membership.slug, form.to_question(), utcnow())
        except (Conflict, Invalid) as error:
            show_at_field(form, error, "label")
        else:
            flash(_("Question added. It appears on scanners as soon as they are online."), "success")
            return redirect(url_for("exhibitor_leads.edit_questions"))
    page = render_company_page(
        "exhibitor/leads/questions.html",
        form=form,
        questions=list_questions(membership.exhibitor_id),
        kinds=QUESTION_KINDS,
    )
    return page, 422 if form.errors else 200


@blueprint.route("/questions/<int:question_id>", methods=["GET", "POST"])
def edit_question(question_id: int) -> Page:
    """Change the words of a question."""
    membership = require_action(TeamAction.EXPORT_LEADS)
    found = next((each for each in list_questions(membership.exhibitor_id) if each.id == question_id), None)
    if found is None:
        raise Missing("lead_question_missing")
    form = QuestionForm(label=found.label, kind=found.kind.value, options="\n".join(found.options))
    del form.kind  # it has answers of its kind
    if form.validate_on_submit():
        changed = Question(found.kind, form.label.data or "", tuple((form.options.data or "").splitlines()), found.id)
        try:
            change_question(current_actor(), current_edition().id, membership.slug, changed, utcnow())
        except (Conflict, Invalid) as error:
            show_at_field(form, error, "label")
        else:
            flash(_("Changes saved."), "success")
            return redirect(url_for("exhibitor_leads.edit_questions"))
    page = render_company_page("exhibitor/leads/question.html", form=form, question=found)
    return page, 422 if form.errors else 200


@blueprint.post("/questions/<int:question_id>/<any(up, down):act>")
def arrange_question(question_id: int, act: str) -> Response:
    """Move a question."""
    membership = require_action(TeamAction.EXPORT_LEADS)
    move_question(current_actor(), current_edition().id, membership.slug, question_id, _STEPS[act], utcnow())
    return redirect(url_for("exhibitor_leads.edit_questions"))


@blueprint.route("/questions/<int:question_id>/remove", methods=["GET", "POST"])
def drop_question(question_id: int) -> Page:
    """Remove a question, after asking."""
    membership = require_action(TeamAction.EXPORT_LEADS)
    found = next((each for each in list_questions(membership.exhibitor_id) if each.id == question_id), None)
    if found is None:
        raise Missing("lead_question_missing")
    return confirm_deletion(
        _("Remove the question “%(question)s”?", question=found.label),
        _("It will no longer be asked. Its answers are still shown and exported."),
        _("Remove"),
        (_("Questions"), url_for("exhibitor_leads.edit_questions")),
        lambda: remove_question(current_actor(), current_edition().id, membership.slug, question_id, utcnow()),
        _("Question removed. Its answers are still exported."),
    )


def shown_questions(exhibitor_id: int) -> list[dict[str, object]]:
    """Return the questions as the scanner shows them."""
    return [
        {"key": each.key, "kind": each.kind.value, "label": each.label, "options": list(each.options)}
        for each in list_questions(exhibitor_id)
    ]
