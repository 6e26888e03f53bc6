"""Seats in sessions: who has them and who waits, how many there are, and releasing unused ones."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _, ngettext
from werkzeug.wrappers import Response as AnyResponse

from expo.accounts.rules import Permission
from expo.errors import ExpoError
from expo.flows.seats import change_seat_limit, release_seat, release_unused_seats
from expo.infra.audit import record_export
from expo.infra.clock import utcnow
from expo.program.queries import (
    SessionRow,
    count_seat_holders,
    count_seats,
    get_session,
    list_ids_with_seats,
    list_seat_holders,
    list_sessions,
    list_sessions_with_seats,
)
from expo.program.rules import SeatState
from expo.program.services import mark_present
from expo.registration.queries import get_attendee
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.downloads import table_response
from expo.web.kit.errors import message_of
from expo.web.kit.form_pages import show_at_field
from expo.web.kit.formats import number
from expo.web.kit.language import localized, sentence_sep
from expo.web.kit.list_pages import page_of_request
from expo.web.kit.questions import Question, confirm_first
from expo.web.organizer.seats.forms import SeatLimitForm
from expo.web.organizer.sections import section_blueprint

blueprint = section_blueprint("organizer_seats", __name__, "/program/seats", Permission.PROGRAM_MANAGE)


@blueprint.get("")
def list_seats() -> str:
    """List the sessions with a seat limit, and how many seats of each are taken."""
    edition = current_edition()
    ids = list_ids_with_seats(edition.id)
    known, page = set(ids), page_of_request(len(ids))
    return render_template(
        "organizer/seats/list.html",
        limited=list_sessions_with_seats(edition.id, page.cut(ids)),
        unlimited=[row for row in list_sessions(edition.id) if row.id not in known and not row.is_cancelled],
        page=page,
    )


@blueprint.get("/open")
def open_session() -> AnyResponse:
    """Open the seats of the session chosen in the list."""
    return redirect(url_for("organizer_seats.show_session", slug=request.args.get("session", "")))


@blueprint.route("/<slug>", methods=["GET", "POST"])
def show_session(slug: str) -> tuple[str, int] | AnyResponse:
    """Show who has a seat in a session and who waits; change how many seats there are."""
    edition = current_edition()
    row = get_session(edition.id, slug).row
    counts = count_seats(edition.id, [row.id]).get(row.id)
    form = SeatLimitForm(data={"limit": counts.limit if counts else None})
    if form.validate_on_submit():
        try:
            change = change_seat_limit(current_actor(), edition.id, slug, form.limit.data, utcnow())
        except ExpoError as error:
            show_at_field(form, error, "limit")
        else:
            _flash_changes(len(change.offers), change.above)
            return redirect(url_for("organizer_seats.show_session", slug=slug))
    page = page_of_request(count_seat_holders(row.id), anchor="holders")
    body = render_template(
        "organizer/seats/session.html",
        form=form,
        row=row,
        counts=counts,
        holders=list_seat_holders(row.id, page.size, page.offset),
        page=page,
        has_begun=_has_begun(row),
    )
    return body, 422 if form.errors else 200


@blueprint.post("/<slug>/holders")
def change_holder(slug: str) -> AnyResponse:
    """Mark the person `present`."""
    edition = current_edition()
    attendee = get_attendee(edition.id, request.form.get("present", ""))
    mark_present(current_actor(), edition.id, slug, [attendee.id], utcnow())
    flash(_("%(name)s is marked as present.", name=attendee.name), "success")
    return redirect(url_for("organizer_seats.show_session", slug=slug, page=request.args.get("page", type=int)))


@blueprint.route("/<slug>/holders/<code>/release", methods=["GET", "POST"])
def confirm_release(slug: str, code: str) -> tuple[str, int] | AnyResponse:
    """Ask for confirmation, then release somebody's seat, or take them off the waiting list."""
    edition, actor = current_edition(), current_actor()
    row, attendee = get_session(edition.id, slug).row, get_attendee(edition.id, code)
    is_waiting = any(
        each.code == attendee.code and each.state == SeatState.WAITING for each in list_seat_holders(row.id)
    )
    name = attendee.name
    return confirm_first(
        _ask_about_waiting(row, name) if is_waiting else _ask_about_seat(row, name),
        lambda: release_seat(actor, edition.id, attendee.id, slug, utcnow()),
        _("%(name)s is no longer on the waiting list.", name=name)
        if is_waiting
        else _("The seat of %(name)s has been released.", name=name),
    )


@blueprint.post("/<slug>/release-unused")
def release_unused(slug: str) -> AnyResponse:
    """Release the seats of people who have not come, so that walk-ins can take them."""
    try:
        released, used = release_unused_seats(current_actor(), current_edition().id, slug, utcnow())
    except ExpoError as error:
        flash(message_of(error), "danger")
    else:
        flash(
            _("Seats released: %(released)s. Seats in use: %(used)s.", released=number(released), used=number(used)),
            "success",
        )
    return redirect(url_for("organizer_seats.show_session", slug=slug))


@blueprint.get("/<slug>/seats.csv")
def export_holders(slug: str) -> Response:
    """Return everyone with a seat in a session, or waiting for one, as a CSV file.

    E-mail addresses are included only for people who may read attendees.
    """
    edition, actor = current_edition(), current_actor()
    row = get_session(edition.id, slug).row
    has_emails = actor.may(Permission.ATTENDEES_READ, edition.id)
    columns = ["code", "name", "company", *(["email"] if has_emails else []), "status", "since"]
    rows = [
        [
            each.code,
            each.name,
            each.company,
            *([each.email] if has_emails else []),
            each.state.value,
            each.changed_at.isoformat(),
        ]
        for each in list_seat_holders(row.id)
    ]
    record_export(actor, "seats", utcnow(), edition.id, session=row.id)
    return table_response("csv", f"seats-{row.slug}", columns, rows)


def _flash_changes(offers: int, above: int) -> None:
    text = _("Seats saved.")
    if offers:
        text += sentence_sep() + ngettext(
            "%(num)s seat was offered to the waiting list.", "%(num)s seats were offered to the waiting list.", offers
        )
    if not above:
        flash(text, "success")
        return
    text += sentence_sep() + ngettext(
        "%(num)s more seat is taken than this number. Nobody loses a seat.",
        "%(num)s more seats are taken than this number. Nobody loses a seat.",
        above,
    )
    flash(text, "warning")


def _ask_about_seat(row: SessionRow, name: str) -> Question:
    return Question(
        title=_("Release the seat of %(name)s?", name=name),
        text=_("They lose it, and it is offered to the next person on the waiting list. This cannot be undone."),
        button=_("Release seat"),
        trail=_trail(row),
        is_destructive=True,
    )


def _ask_about_waiting(row: SessionRow, name: str) -> Question:
    return Question(
        title=_("Remove %(name)s from the waiting list?", name=name),
        text=_("They lose their place on the list."),
        button=_("Remove from waiting list"),
        trail=_trail(row),
        is_destructive=True,
    )


def _trail(row: SessionRow) -> list[tuple[str, str]]:
    return [
        (_("Programme"), url_for("organizer_sessions.list_sessions")),
        (_("Seats"), url_for("organizer_seats.list_seats")),
        (localized(row.title), url_for("organizer_seats.show_session", slug=row.slug)),
    ]


def _has_begun(row: SessionRow) -> bool:
    return row.starts_at is not None and row.starts_at <= utcnow()
