"""Ticket types: list, add and edit."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from expo.accounts.rules import Permission
from expo.errors import Conflict, ExpoError, Invalid
from expo.flows.tickets import offer_ticket_type, reoffer_ticket_type
from expo.infra.clock import utcnow
from expo.tickets.queries import QuotaRow, TicketTypeRow, get_ticket_type, list_quotas, list_ticket_types
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.form_pages import render_form, show_at_field
from expo.web.kit.language import localized
from expo.web.organizer.labels import SALE_STATES
from expo.web.organizer.sections import section_blueprint
from expo.web.organizer.tickets.forms import TicketTypeForm

blueprint = section_blueprint("organizer_tickets", __name__, "/settings/tickets", Permission.EDITION_MANAGE)

Page = str | Response | tuple[str, int]


@blueprint.get("")
def list_tickets() -> str:
    """List ticket types."""
    edition = current_edition()
    quotas = list_quotas(edition.id)
    return render_template(
        "organizer/tickets/list.html",
        ticket_types=list_ticket_types(edition.id, utcnow()),
        quotas_of=_quotas_by_type(quotas),
        sale_states=SALE_STATES,
    )


@blueprint.route("/new", methods=["GET", "POST"])
def add_ticket() -> Page:
    """Add a ticket type."""
    edition = current_edition()
    form = TicketTypeForm.blank(edition)
    form.offer(list_quotas(edition.id))
    if form.validate_on_submit():
        try:
            offer_ticket_type(
                current_actor(),
                edition.id,
                (form.code.data or "").strip(),
                form.to_values(edition),
                form.quota_ids.data or [],
                utcnow(),
            )
        except (Conflict, Invalid) as error:
            _show_ticket_error(form, error, "code")
        else:
            flash(_("Ticket %(name)s created.", name=form.code.data), "success")
            return redirect(url_for("organizer_tickets.list_tickets"))
    return _ticket_page(form, None)


@blueprint.route("/<code>/edit", methods=["GET", "POST"])
def edit_ticket(code: str) -> Page:
    """Change a ticket type."""
    edition = current_edition()
    row = get_ticket_type(edition.id, code, utcnow())
    quotas = list_quotas(edition.id)
    form = TicketTypeForm.of(row, edition, quotas)
    form.offer(quotas)
    del form.code  # programs use it, so it cannot be changed
    if form.validate_on_submit():
        try:
            reoffer_ticket_type(
                current_actor(), edition.id, row, form.to_values(edition, row), form.quota_ids.data or [], utcnow()
            )
        except (Conflict, Invalid) as error:
            _show_ticket_error(form, error, "price")
        else:
            flash(_("Changes to ticket %(name)s saved.", name=localized(row.name)), "success")
            return redirect(url_for("organizer_tickets.list_tickets"))
    return _ticket_page(form, row)


def _ticket_page(form: TicketTypeForm, row: TicketTypeRow | None) -> tuple[str, int]:
    return render_form(form, "organizer/tickets/edit.html", ticket_type=row, languages=current_edition().languages)


def _show_ticket_error(form: TicketTypeForm, error: ExpoError, otherwise: str) -> None:
    if error.code == "quota_below_taken":
        otherwise = "quota_ids"
    show_at_field(form, error, otherwise)


def _quotas_by_type(quotas: list[QuotaRow]) -> dict[str, list[QuotaRow]]:
    found: dict[str, list[QuotaRow]] = {}
    for quota in quotas:
        for code in quota.ticket_type_codes:
            found.setdefault(code, []).append(quota)
    return found
