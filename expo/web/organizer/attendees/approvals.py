"""Approvals: pending requests, and bulk decisions on them."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _, ngettext
from werkzeug.wrappers import Response as AnyResponse

from expo.accounts.rules import Permission
from expo.flows.desk import decide_many
from expo.infra.clock import utcnow
from expo.pure.codes import normalize_code
from expo.registration.queries import (
    AttendeeFilter,
    count_attendees,
    search_attendees,
)
from expo.registration.rules import AttendeeState
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.list_pages import page_of_request
from expo.web.kit.questions import AnswerForm
from expo.web.organizer.sections import section_blueprint

# At most this many are listed, on several pages, and decided on at once.
APPROVALS_SHOWN = 200


blueprint = section_blueprint("organizer_approvals", __name__, "/attendees/approvals", Permission.ATTENDEES_WRITE)


@blueprint.route("", methods=["GET", "POST"])
def list_approvals() -> str | AnyResponse:
    """List attendees awaiting approval, and decide on several at once."""
    edition = current_edition()
    form = AnswerForm()
    decision = request.form.get("decision", "")
    codes = [normalize_code(code) for code in request.form.getlist("code")[:APPROVALS_SHOWN]]
    if form.validate_on_submit() and decision in ("approve", "reject"):
        if not codes:
            flash(_("Select at least one attendee."), "warning")
        elif decision == "reject" and "sure" not in request.form:
            chosen = search_attendees(edition.id, AttendeeFilter(codes=tuple(codes)), limit=APPROVALS_SHOWN).rows
            return render_template("organizer/attendees/reject.html", form=form, attendees=chosen)
        else:
            _decide(codes, is_approved=decision == "approve")
        return redirect(url_for("organizer_approvals.list_approvals"))
    wanted = AttendeeFilter(state=AttendeeState.AWAITING_APPROVAL)
    rows = search_attendees(edition.id, wanted, limit=APPROVALS_SHOWN).rows
    page = page_of_request(len(rows))
    return render_template(
        "organizer/attendees/approvals.html",
        form=form,
        rows=page.cut(rows),
        on_other_pages=[*rows[: page.offset], *rows[page.offset + page.size :]],
        page=page,
        total=count_attendees(edition.id, wanted),
        is_all_selected=request.args.get("select") == "all",
    )


def _decide(codes: list[str], *, is_approved: bool) -> None:
    result = decide_many(current_actor(), current_edition().id, codes, utcnow(), is_approved=is_approved)
    count = len(result.decided)
    if count and is_approved:
        flash(ngettext("%(num)s attendee approved.", "%(num)s attendees approved.", count), "success")
    elif count:
        flash(ngettext("%(num)s attendee rejected.", "%(num)s attendees rejected.", count), "success")
    if result.left:
        flash(
            _(
                "Not changed because their status has changed in the meantime: %(names)s",
                names=_(", ").join(result.left),
            ),
            "warning",
        )
