"""One lead: its contact details and visits, what the team says about it, and its notes."""

from collections.abc import Callable

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from expo.errors import Conflict, Invalid, Missing
from expo.exhibitors.rules import TeamAction
from expo.infra.clock import utcnow
from expo.leads.queries import LeadRow, get_lead, list_questions
from expo.leads.rules import MAX_NOTE_LENGTH, MAX_RATING, FollowUp, Question, show_answer
from expo.leads.services import LeadChange, add_note, delete_lead, delete_note, edit_lead
from expo.web.exhibitor.company_pages import render_company_page
from expo.web.exhibitor.confirmations import confirm_deletion
from expo.web.exhibitor.leads.section import blueprint
from expo.web.exhibitor.sections import current_membership
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.errors import message_of
from expo.web.kit.formats import bdi
from expo.web.kit.lead_labels import FOLLOW_UPS, WITHDRAWAL_REASONS
from expo.web.kit.questions import AnswerForm

PREFIX = "answer-"

Page = str | Response | tuple[str, int]


@blueprint.get("/<code>")
def show_lead(code: str) -> str:
    """Show one lead."""
    return _render(get_lead(current_membership().exhibitor_id, code))


@blueprint.post("/<code>")
def save_lead(code: str) -> Page:
    """Store status, rating and answers."""
    questions = list_questions(current_membership().exhibitor_id)
    status, rating = request.form.get("status", ""), request.form.get("rating", "")
    change = LeadChange(
        status=FollowUp(status) if status in {each.value for each in FollowUp} else FollowUp.NEW,
        rating=int(rating) if rating in {str(n) for n in range(1, MAX_RATING + 1)} else None,
        answers={each.key: request.form.getlist(PREFIX + each.key) for each in questions},
    )
    version = request.form.get("version", 0, type=int)
    return _act(
        code,
        lambda: edit_lead(
            current_actor(), current_edition().id, current_membership().slug, code, change, version, utcnow()
        ),
        _("Changes saved."),
    )


@blueprint.post("/<code>/notes")
def write_note(code: str) -> Page:
    """Add a note."""
    text = request.form.get("note", "")
    slug = current_membership().slug
    return _act(
        code,
        lambda: add_note(current_actor(), current_edition().id, slug, code, text, utcnow()),
        _("Note added."),
        note=text,
    )


@blueprint.route("/<code>/notes/<int:note_id>/delete", methods=["GET", "POST"])
def remove_note(code: str, note_id: int) -> Page:
    """Delete a note, after confirmation."""
    membership = current_membership()
    note = next((each for each in get_lead(membership.exhibitor_id, code).notes if each.id == note_id), None)
    if note is None:
        raise Missing("lead_note_missing")
    return confirm_deletion(
        _("Delete this note?"),
        bdi(note.text),
        _("Delete note"),
        (_("Lead"), url_for("exhibitor_leads.show_lead", code=code)),
        lambda: delete_note(current_actor(), current_edition().id, membership.slug, code, note_id, utcnow()),
        _("Note deleted."),
    )


@blueprint.route("/<code>/delete", methods=["GET", "POST"])
def remove_lead(code: str) -> Page:
    """Ask for confirmation, then delete a lead."""
    membership = current_membership()
    lead = get_lead(membership.exhibitor_id, code)
    if not AnswerForm().validate_on_submit():
        return render_company_page("exhibitor/leads/delete.html", lead=lead, form=AnswerForm())
    delete_lead(current_actor(), current_edition().id, membership.slug, code, utcnow())
    flash(_("Lead deleted."), "success")
    return redirect(url_for("exhibitor_leads.list_all"))


def _act(code: str, act: Callable[[], object], done: str, note: str = "") -> Page:
    """Run an act on a lead and show the lead again, with what was done or why not."""
    try:
        act()
    except (Conflict, Invalid) as error:
        lead = get_lead(current_membership().exhibitor_id, code)
        status = 409 if isinstance(error, Conflict) else 422
        return _render(lead, error=message_of(error), note=note), status
    flash(done, "success")
    return redirect(url_for("exhibitor_leads.show_lead", code=code))


def _render(lead: LeadRow, error: str = "", note: str = "") -> str:
    membership = current_membership()
    questions = list_questions(membership.exhibitor_id)
    return render_company_page(
        "exhibitor/leads/lead.html",
        lead=lead,
        error=error,
        note=note,
        form=AnswerForm(),
        questions=questions,
        former_answers=_former_answers(lead, questions),
        follow_ups=FOLLOW_UPS,
        reasons={each.value: words for each, words in WITHDRAWAL_REASONS.items()},
        max_rating=MAX_RATING,
        max_note=MAX_NOTE_LENGTH,
        prefix=PREFIX,
        may_delete_notes=membership.may(TeamAction.EXPORT_LEADS),
    )


def _former_answers(lead: LeadRow, questions: list[Question]) -> list[tuple[str, str]]:
    """Return the answers to questions that are not asked any longer."""
    asked = {each.key for each in questions}
    former = list_questions(lead.exhibitor_id, with_removed=True)
    return [
        (each.label, show_answer(lead.answers[each.key]))
        for each in former
        if each.key not in asked and each.key in lead.answers
    ]
