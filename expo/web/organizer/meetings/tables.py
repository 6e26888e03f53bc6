"""The tables to meet at."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _, ngettext
from werkzeug.wrappers import Response

from expo.accounts.rules import Permission
from expo.editions.queries import list_halls
from expo.errors import Conflict, ExpoError
from expo.exhibitors.queries import list_all_exhibitors
from expo.infra.clock import utcnow
from expo.meetings.errors import MeetingTableMissing
from expo.meetings.queries import list_tables
from expo.meetings.services import add_tables, remove_table
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.form_pages import show_at_field
from expo.web.kit.questions import AnswerForm, Question, show_question
from expo.web.organizer.meetings.forms import TablesForm
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
    page = render_template("organizer/meetings/tables.html", form=form, tables=list_tables(edition.id))
    return page, 422 if form.errors else 200


@blueprint.route("/<int:table_id>/remove", methods=["GET", "POST"])
def confirm_removal(table_id: int) -> tuple[str, int] | Response:
    """Ask for confirmation, then remove a table, or take it out of use if meetings were held there."""
    edition = current_edition()
    table = next((each for each in list_tables(edition.id) if each.id == table_id), None)
    if table is None:
        raise MeetingTableMissing
    question = Question(
        title=_("Remove table %(code)s?", code=table.code),
        text=_("No more meetings are scheduled there. If it has had meetings, it stays listed as not in use."),
        button=_("Remove table"),
        trail=[
            (_("Meetings"), url_for("organizer_meetings.show_day")),
            (_("Tables for meetings"), url_for("organizer_meeting_tables.show_tables")),
        ],
        is_grave=True,
    )
    if not AnswerForm().validate_on_submit():
        return show_question(question)
    try:
        is_deleted = remove_table(current_actor(), edition.id, table_id, utcnow())
    except Conflict as error:
        return show_question(question, error)
    flash(_("Table removed.") if is_deleted else _("The table is no longer used for new meetings."), "success")
    return redirect(question.back_url)
