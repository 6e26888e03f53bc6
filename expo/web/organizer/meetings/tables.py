"""The tables to meet at, and their places on the plans of the halls."""

import math
from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _, ngettext
from werkzeug.wrappers import Response

from expo.accounts.rules import Permission
from expo.editions.queries import list_halls
from expo.errors import Conflict, ExpoError, Invalid
from expo.exhibitors.queries import get_plan, list_all_exhibitors, list_booths, list_plans
from expo.infra.clock import utcnow
from expo.meetings.errors import MeetingTableMissing
from expo.meetings.queries import TableRow, list_tables
from expo.meetings.services import add_tables, change_table, place_tables, remove_table
from expo.pure.plane import Point
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.errors import message_of, status_of
from expo.web.kit.floor_drawings import draw_hall
from expo.web.kit.form_pages import render_form, show_at_field
from expo.web.kit.list_pages import page_of_request
from expo.web.kit.questions import AnswerForm, Question, show_question
from expo.web.organizer.meetings.forms import TableForm, TablesForm
from expo.web.organizer.sections import section_blueprint

blueprint = section_blueprint("organizer_meeting_tables", __name__, "/meetings/tables", Permission.EXHIBITORS_MANAGE)


@blueprint.route("", methods=["GET", "POST"])
def show_tables() -> tuple[str, int] | Response:
    """List the tables, and add some."""
    edition = current_edition()
    form = TablesForm()
    form.offer(list_halls(edition.id), list_all_exhibitors(edition.id))
    if form.validate_on_submit():
        try:
            count = add_tables(current_actor(), edition.id, form.to_requests(), utcnow())
        except ExpoError as error:
            show_at_field(form, error, "code")
        else:
            flash(ngettext("%(num)s table added.", "%(num)s tables added.", count), "success")
            return redirect(url_for("organizer_meeting_tables.show_tables"))
    tables = list_tables(edition.id)
    with_tables = {each.hall_id for each in tables if each.is_active}
    page = page_of_request(len(tables))
    body = render_template(
        "organizer/meetings/tables.html",
        form=form,
        tables=page.cut(tables),
        page=page,
        plans=[each for each in list_plans(edition.id) if each.is_drawn and each.hall_id in with_tables],
    )
    return body, 422 if form.errors else 200


@blueprint.route("/plan/<hall>", methods=["GET", "POST"])
def place(hall: str) -> tuple[str, int] | Response:
    """Show the places of the tables on the plan of a hall, and change them."""
    edition, form = current_edition(), AnswerForm()
    plan = get_plan(edition.id, hall)
    tables = [each for each in list_tables(edition.id, only_active=True) if each.hall_id == plan.hall_id]
    typed, error, status = {each.id: _as_typed(each.point) for each in tables}, "", 200
    if form.validate_on_submit():
        typed = {key: tuple(request.form.get(f"{name}-{key}", "").strip() for name in "xy") for key in typed}
        try:
            place_tables(current_actor(), edition.id, hall, _read_places(typed), utcnow())
        except ExpoError as refusal:
            error, status = message_of(refusal), status_of(refusal)
        else:
            flash(_("Changes saved."), "success")
            return redirect(url_for("organizer_meeting_tables.place", hall=hall))
    page = render_template(
        "organizer/meetings/places.html",
        form=form,
        plan=plan,
        tables=[(each, *typed[each.id]) for each in tables],
        error=error,
        drawing=draw_hall(plan, list_booths(edition.id, plan.hall_id, utcnow())),
    )
    return page, status


@blueprint.route("/<int:table_id>", methods=["GET", "POST"])
def edit(table_id: int) -> tuple[str, int] | Response:
    """Edit a table, or put one back in use."""
    edition, table = current_edition(), _find_table(table_id)
    form = TableForm.of(table)
    form.offer(list_halls(edition.id), list_all_exhibitors(edition.id))
    if form.validate_on_submit():
        try:
            change_table(current_actor(), edition.id, table_id, form.to_request(), utcnow())
        except ExpoError as error:
            show_at_field(form, error, "code")
        else:
            flash(_("Table %(code)s saved.", code=form.code.data), "success")
            return redirect(url_for("organizer_meeting_tables.show_tables"))
    return render_form(form, "organizer/meetings/table.html", table=table)


@blueprint.route("/<int:table_id>/remove", methods=["GET", "POST"])
def confirm_removal(table_id: int) -> tuple[str, int] | Response:
    """Ask for confirmation, then remove a table, or take it out of use if meetings were held there."""
    edition, table = current_edition(), _find_table(table_id)
    question = Question(
        title=_("Remove table %(code)s?", code=table.code),
        text=_("No further meetings will be scheduled there. If it has had meetings, it stays listed as not in use."),
        button=_("Remove table"),
        trail=[
            (_("Meetings"), url_for("organizer_meetings.show_day")),
            (_("Tables for meetings"), url_for("organizer_meeting_tables.show_tables")),
        ],
        is_destructive=True,
    )
    if not AnswerForm().validate_on_submit():
        return show_question(question)
    try:
        is_deleted = remove_table(current_actor(), edition.id, table_id, utcnow())
    except Conflict as error:
        return show_question(question, error)
    flash(_("Table removed.") if is_deleted else _("The table is no longer used for new meetings."), "success")
    return redirect(question.back_url)


def _find_table(table_id: int) -> TableRow:
    found = next((each for each in list_tables(current_edition().id) if each.id == table_id), None)
    if found is None:
        raise MeetingTableMissing
    return found


def _as_typed(point: Point | None) -> tuple[str, ...]:
    return (f"{point[0]:g}", f"{point[1]:g}") if point else ("", "")


def _read_places(typed: Mapping[int, tuple[str, ...]]) -> dict[int, Point | None]:
    """Return the places that were typed; a table without any numbers is not on the plan. Raises Invalid."""
    return {key: (_metres(x), _metres(y)) if x or y else None for key, (x, y) in typed.items()}


def _metres(text: str) -> float:
    try:
        metres = float(text.replace(",", "."))
    except ValueError:
        metres = math.nan
    if not math.isfinite(metres):
        raise Invalid("table_place_unreadable", field="places")
    return metres
