"""Messages between organizers and exhibitors: threads, and a message to several with a preview."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _, ngettext
from werkzeug.wrappers import Response

from expo.accounts.rules import Permission
from expo.errors import Invalid
from expo.exhibitors.queries import (
    count_threads,
    list_addressees,
    list_choices,
    list_messages,
    list_packages,
    list_recipients,
    list_tasks,
    list_threads,
    require_member,
)
from expo.exhibitors.rules import MessageFilter, TeamAction
from expo.exhibitors.services import mark_read
from expo.flows.exhibitor_messages import write_to_companies, write_to_company
from expo.infra.clock import utcnow
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.form_pages import show_at_field
from expo.web.kit.formats import number
from expo.web.kit.list_pages import page_of_request
from expo.web.organizer.exhibitor_messages.forms import MessageForm
from expo.web.organizer.exhibitors.filters import query_of, read_filter, selected_slugs
from expo.web.organizer.sections import section_blueprint

blueprint = section_blueprint(
    "organizer_exhibitor_messages", __name__, "/exhibitors/messages", Permission.EXHIBITORS_MANAGE
)

Page = Response | tuple[str, int]


@blueprint.get("", strict_slashes=False)
def list_all() -> str:
    """List the threads, those with unread messages first."""
    edition = current_edition()
    page = page_of_request(count_threads(edition.id))
    threads = list_threads(edition.id, page.size, page.offset)
    return render_template("organizer/exhibitor_messages/list.html", threads=threads, page=page)


@blueprint.route("/<slug>", methods=["GET", "POST"])
def show_thread(slug: str) -> Page:
    """Show the thread of a company and write to it."""
    edition, actor = current_edition(), current_actor()
    company = require_member(actor, edition.id, slug, TeamAction.EDIT_PAGE)
    form = MessageForm()
    if form.validate_on_submit():
        try:
            count = write_to_company(actor, edition.id, slug, form.text.data or "", utcnow())
        except Invalid as error:
            show_at_field(form, error, "text")
        else:
            if count:
                flash(_("Your message has been sent."), "success")
            else:
                flash(_("Your message is stored, but nobody on the company’s team can receive e-mails yet."), "warning")
            return redirect(url_for("organizer_exhibitor_messages.show_thread", slug=slug))
    page = render_template(
        "organizer/exhibitor_messages/thread.html",
        form=form,
        company=company,
        messages=list_messages(company.exhibitor_id),
    )
    return page, 422 if form.errors else 200


@blueprint.post("/<slug>/read")
def mark_as_read(slug: str) -> Response:
    """Mark the messages of a company as read."""
    company = require_member(current_actor(), current_edition().id, slug, TeamAction.EDIT_PAGE)
    mark_read(company.exhibitor_id, utcnow(), from_organizers=False)
    return redirect(url_for("organizer_exhibitor_messages.show_thread", slug=slug))


@blueprint.route("/new", methods=["GET", "POST"])
def write() -> Page:
    """Write to all companies that match a filter: first a preview with their number, then the message is sent."""
    return _write(_read_filter())


@blueprint.post("/selected")
def write_to_selected() -> Page:
    """Write to the companies that were selected in their list, in the same way."""
    slugs = tuple(selected_slugs())
    if not slugs:
        flash(_("Select at least one company."), "warning")
        return redirect(url_for("organizer_exhibitors.list_companies", **query_of(read_filter())))
    return _write(MessageFilter(slugs=slugs))


def _write(filters: MessageFilter) -> Page:
    edition = current_edition()
    # The list sends the selection without a message, which is not a mistake.
    form = MessageForm() if "text" in request.form else MessageForm(formdata=None)
    is_checked = "text" in request.form and form.validate_on_submit()
    if is_checked and request.form.get("step") == "send":
        try:
            count = write_to_companies(current_actor(), edition.id, filters, form.text.data or "", utcnow())
        except Invalid as error:
            show_at_field(form, error, "text")
        else:
            flash(
                ngettext(
                    "Your message has been sent to %(count)s company.",
                    "Your message has been sent to %(count)s companies.",
                    count,
                    count=number(count),
                ),
                "success",
            )
            return redirect(url_for("organizer_exhibitor_messages.list_all"))
    addressees = list_addressees(edition.id, filters)
    recipients = list_recipients([exhibitor_id for exhibitor_id, _name in addressees], TeamAction.EDIT_PAGE)
    reached = {each.exhibitor_id for each in recipients}
    page = render_template(
        "organizer/exhibitor_messages/new.html",
        form=form,
        wanted=filters,
        addressees=addressees,
        people=len({each.person_id for each in recipients}),
        silent=[name for exhibitor_id, name in addressees if exhibitor_id not in reached],
        is_preview=is_checked and not form.errors,
        **_choices(edition.id),
    )
    return page, 422 if form.errors else 200


def _read_filter() -> MessageFilter:
    values = request.values
    return MessageFilter(
        category=values.get("category", "")[:120],
        country=values.get("country", "")[:2].upper(),
        hall=values.get("hall", "")[:64],
        package=values.get("package", "")[:120],
        task_id=request.form.get("task", type=int) or request.args.get("task", type=int),
    )


def _choices(edition_id: int) -> dict[str, Any]:
    choices = list_choices(edition_id)
    return {"choices": choices, "tasks": list_tasks(edition_id), "packages": list_packages(edition_id)}
