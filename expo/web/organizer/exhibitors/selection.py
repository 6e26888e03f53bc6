"""What can be done with several exhibitors at once: approve, decline, hide, show, and export."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _, ngettext
from werkzeug.wrappers import Response

from expo.accounts.rules import Permission, require
from expo.errors import ExpoError
from expo.exhibitors.queries import list_records_by_slug
from expo.exhibitors.rules import ExhibitorState
from expo.exhibitors.services import hide_companies
from expo.flows.exhibitor_applications import decline_applications
from expo.flows.exhibitor_decisions import approve_companies
from expo.infra.clock import utcnow
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.errors import message_of
from expo.web.kit.formats import number
from expo.web.organizer.exhibitors.applications import MessageForm
from expo.web.organizer.exhibitors.filters import query_of, read_filter, selected_slugs
from expo.web.organizer.exhibitors.views import export_companies
from expo.web.organizer.sections import section_blueprint

blueprint = section_blueprint(
    "organizer_company_selection", __name__, "/exhibitors/selected", Permission.EXHIBITORS_READ
)

Page = str | Response | tuple[str, int]


@blueprint.post("")
def change() -> Page:
    """Approve, decline, hide, show or export the selected companies; a status that does not allow it stays."""
    edition, slugs, act = current_edition(), selected_slugs(), request.form.get("act", "")
    if not slugs:
        flash(_("Select at least one company."), "warning")
        return _back()
    if act in ("csv", "xlsx"):
        return export_companies(act, list_records_by_slug(edition.id, slugs))
    require(current_actor(), Permission.EXHIBITORS_MANAGE, edition.id)
    if act == "decline":
        return _decline(slugs)
    try:
        if act == "approve":
            count = approve_companies(current_actor(), edition.id, slugs, utcnow())
        else:
            count = hide_companies(current_actor(), edition.id, slugs, utcnow(), is_hidden=act == "hide")
    except ExpoError as error:
        flash(message_of(error), "danger")
    else:
        _report(count)
    return _back()


def _decline(slugs: list[str]) -> Page:
    """Ask for the reason first; it is sent to every applicant."""
    edition = current_edition()
    applied = [each for each in list_records_by_slug(edition.id, slugs) if each.state is ExhibitorState.APPLIED]
    if not applied:
        flash(_("None of the selected companies is awaiting a decision."), "warning")
        return _back()
    form = MessageForm() if "text" in request.form else MessageForm(formdata=None)
    if "text" in request.form and form.validate():
        try:
            count = decline_applications(
                current_actor(), edition.id, [each.slug for each in applied], form.text.data or "", utcnow()
            )
        except ExpoError as error:
            flash(message_of(error), "danger")
        else:
            _report(count)
        return _back()
    page = render_template(
        "organizer/exhibitors/decline_selected.html", form=form, companies=applied, query=query_of(read_filter())
    )
    return page, 422 if form.errors else 200


def _report(count: int) -> None:
    flash(ngettext("%(count)s company changed.", "%(count)s companies changed.", count, count=number(count)), "success")


def _back() -> Response:
    return redirect(url_for("organizer_exhibitors.list_companies", **query_of(read_filter())))
