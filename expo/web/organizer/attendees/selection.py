"""Bulk actions on selected attendees, and the choice of columns in the list."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _, ngettext
from werkzeug.wrappers import Response

from expo.accounts.rules import Permission, require
from expo.flows.desk import Decisions, cancel_many, decide_many, resend_many
from expo.infra.clock import utcnow
from expo.pure.codes import normalize_code
from expo.registration.queries import AttendeeFilter, search_attendees
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.questions import AnswerForm
from expo.web.organizer.attendees.columns import COOKIE, chosen_columns
from expo.web.organizer.attendees.filters import MAX_CODES, list_url
from expo.web.organizer.sections import section_blueprint

blueprint = section_blueprint("organizer_selection", __name__, "/attendees", Permission.ATTENDEES_READ)

ONE_YEAR = 365 * 24 * 60 * 60


@blueprint.post("/columns")
def choose_columns() -> Response:
    """Save the chosen columns for this browser; choosing none restores the default."""
    response = redirect(list_url())
    if "usual" in request.form:
        response.delete_cookie(COOKIE, path=url_for("organizer_attendees.list_attendees"))
    else:
        columns = ".".join(chosen_columns(request.form.getlist("column")))
        response.set_cookie(
            COOKIE,
            columns,
            max_age=ONE_YEAR,
            path=url_for("organizer_attendees.list_attendees"),
            samesite="Lax",
            secure=request.is_secure,
            httponly=True,
        )
    return response


@blueprint.post("/selected")
def act_on_selected() -> str | Response:
    """Approve, e-mail, cancel or export the selected attendees; cancelling requires confirmation."""
    edition, actor = current_edition(), current_actor()
    codes = [normalize_code(code) for code in request.form.getlist("code")[:MAX_CODES]]
    decision = request.form.get("decision", "")
    back = redirect(list_url())
    if not AnswerForm().validate_on_submit():
        return back
    if not codes:
        flash(_("Select at least one attendee."), "warning")
        return back
    if decision in ("csv", "xlsx"):
        return redirect(url_for("organizer_attendees.export", kind=decision, code=codes))
    require(actor, Permission.ATTENDEES_WRITE, edition.id)
    if decision == "cancel" and "sure" not in request.form:
        return _ask_to_cancel(codes)
    acts: dict[str, Callable[[], Decisions]] = {
        "approve": lambda: decide_many(actor, edition.id, codes, utcnow(), is_approved=True),
        "resend": lambda: resend_many(actor, edition.id, codes, utcnow()),
        "cancel": lambda: cancel_many(actor, edition.id, codes, utcnow()),
    }
    if decision in acts:
        _report(decision, acts[decision]())
    return back


def _ask_to_cancel(codes: list[str]) -> str:
    wanted = AttendeeFilter(codes=tuple(codes))
    return render_template(
        "organizer/attendees/cancel_selected.html",
        form=AnswerForm(),
        back_url=list_url(),
        attendees=search_attendees(current_edition().id, wanted, limit=MAX_CODES).rows,
    )


def _report(decision: str, result: Decisions) -> None:
    count = len(result.decided)
    done = {
        "approve": ngettext("%(num)s attendee approved.", "%(num)s attendees approved.", count),
        "resend": ngettext("%(num)s e-mail resent.", "%(num)s e-mails resent.", count),
        "cancel": ngettext("%(num)s registration cancelled.", "%(num)s registrations cancelled.", count),
    }
    if count:
        flash(done[decision], "success")
    if result.left:
        flash(
            _("Not changed because their status does not allow it: %(names)s", names=_(", ").join(result.left)),
            "warning",
        )
