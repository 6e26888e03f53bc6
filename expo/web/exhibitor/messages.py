"""Messages between the company and the organizers."""

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from expo.errors import Invalid
from expo.exhibitors.queries import list_messages
from expo.exhibitors.rules import TeamAction
from expo.exhibitors.services import mark_read
from expo.flows.exhibitor_messages import write_as_company
from expo.infra.clock import utcnow
from expo.web.exhibitor.company_pages import render_company_page
from expo.web.exhibitor.page_forms import MessageForm
from expo.web.exhibitor.sections import current_membership, exhibitor_blueprint
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.form_pages import show_at_field

blueprint = exhibitor_blueprint("exhibitor_messages", __name__, "/messages", TeamAction.EDIT_PAGE)


@blueprint.route("", methods=["GET", "POST"], strict_slashes=False)
def show() -> Response | tuple[str, int]:
    """Show the thread and send a message."""
    edition, member = current_edition(), current_membership()
    form = MessageForm()
    if form.validate_on_submit():
        try:
            write_as_company(current_actor(), edition.id, member.slug, form.text.data or "", utcnow())
        except Invalid as error:
            show_at_field(form, error, "text")
        else:
            flash(_("Your message has been sent."), "success")
            return redirect(url_for("exhibitor_messages.show"))
    html = render_company_page("exhibitor/messages.html", form=form, messages=list_messages(member.exhibitor_id))
    return html, 422 if form.errors else 200


@blueprint.post("/read")
def mark_as_read() -> Response:
    """Mark the messages of the organizers as read."""
    mark_read(current_membership().exhibitor_id, utcnow(), from_organizers=True)
    return redirect(url_for("exhibitor_messages.show"))
