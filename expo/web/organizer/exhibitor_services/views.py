"""Services for exhibitors: offer them, see and export what was ordered."""

from collections.abc import Sequence

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from expo.accounts.rules import Permission
from expo.errors import Conflict, Invalid
from expo.exhibitors.queries import (
    CompanyOrder,
    ServiceRow,
    count_orders,
    get_service,
    list_orders,
    list_services,
    sum_orders,
)
from expo.exhibitors.services import create_service, delete_service, edit_service
from expo.formats.tables import Cell
from expo.infra.audit import record_export
from expo.infra.clock import utcnow
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.downloads import table_response
from expo.web.kit.form_pages import render_form, show_at_field
from expo.web.kit.language import localized
from expo.web.kit.list_pages import page_of_request
from expo.web.kit.questions import Question, confirm_first
from expo.web.organizer.exhibitor_services.forms import ServiceForm
from expo.web.organizer.sections import section_blueprint

blueprint = section_blueprint(
    "organizer_exhibitor_services", __name__, "/exhibitors/services", Permission.EXHIBITORS_MANAGE
)

Page = AnyResponse | tuple[str, int]
COLUMNS = ("company", "service", "unit", "amount", "price", "total", "currency", "changed_at")


@blueprint.get("", strict_slashes=False)
def list_all() -> str:
    """List the services with what was ordered of each, and the totals."""
    edition = current_edition()
    totals = sum_orders(edition.id)
    return render_template(
        "organizer/exhibitor_services/list.html",
        services=list_services(edition.id),
        totals=totals,
        total_cents=sum(totals.values()),
    )


@blueprint.route("/new", methods=["GET", "POST"])
def add() -> Page:
    """Add a service."""
    return _edit(None)


@blueprint.route("/<int:service_id>/edit", methods=["GET", "POST"])
def edit(service_id: int) -> Page:
    """Change a service."""
    return _edit(get_service(current_edition().id, service_id))


@blueprint.get("/<int:service_id>")
def show_orders(service_id: int) -> str:
    """Show who ordered a service."""
    edition = current_edition()
    service = get_service(edition.id, service_id)
    q = request.args.get("q", "").strip()[:100]
    page = page_of_request(count_orders(edition.id, service_id, q), {"q": q} if q else None)
    return render_template(
        "organizer/exhibitor_services/orders.html",
        service=service,
        orders=list_orders(edition.id, service_id, q, page.size, page.offset),
        q=q,
        page=page,
    )


@blueprint.route("/<int:service_id>/delete", methods=["GET", "POST"])
def delete(service_id: int) -> Page:
    """Ask for confirmation, then delete a service that nobody ordered."""
    edition, actor = current_edition(), current_actor()
    service = get_service(edition.id, service_id)
    question = Question(
        title=_("Delete “%(name)s”?", name=localized(dict(service.name))),
        text=_("Companies can no longer order this service."),
        button=_("Delete service"),
        trail=[
            (_("Exhibitors"), url_for("organizer_exhibitors.list_companies")),
            (_("Services"), url_for("organizer_exhibitor_services.list_all")),
        ],
        is_destructive=True,
    )
    return confirm_first(
        question, lambda: delete_service(actor, edition.id, service_id, utcnow()), _("Service deleted.")
    )


@blueprint.get("/export.<any(csv, xlsx):kind>")
def export_all(kind: str) -> Response:
    """Return the orders of all services as a file."""
    return _export(kind, None)


@blueprint.get("/<int:service_id>/export.<any(csv, xlsx):kind>")
def export_service(service_id: int, kind: str) -> Response:
    """Return the orders of one service as a file."""
    return _export(kind, get_service(current_edition().id, service_id))


def _export(kind: str, service: ServiceRow | None) -> Response:
    edition = current_edition()
    services = {each.id: each for each in list_services(edition.id)}
    orders = list_orders(edition.id, service.id if service else None)
    record_export(current_actor(), "exhibitor_orders", utcnow(), edition.id, service=service.id if service else None)
    name = f"orders-{service.id}-{edition.slug}" if service else f"orders-{edition.slug}"
    rows = [_row(order, services[order.service_id], edition.currency) for order in orders]
    return table_response(kind, name, COLUMNS, rows)


def _row(order: CompanyOrder, service: ServiceRow, currency: str) -> Sequence[Cell]:
    return (
        order.company,
        localized(dict(service.name)),
        localized(dict(service.unit)),
        order.amount,
        f"{order.price_cents / 100:.2f}",
        f"{order.total_cents / 100:.2f}",
        currency,
        order.changed_at.isoformat(),
    )


def _edit(service: ServiceRow | None) -> Page:
    edition = current_edition()
    form = ServiceForm.of(service)
    if form.validate_on_submit():
        wanted = form.to_request(edition, service)
        try:
            if service:
                edit_service(current_actor(), edition.id, service.id, wanted, utcnow())
            else:
                create_service(current_actor(), edition.id, wanted, utcnow())
        except (Conflict, Invalid) as error:
            show_at_field(form, error, "name")
        else:
            flash(_("Changes saved.") if service else _("Service added."), "success")
            return redirect(url_for("organizer_exhibitor_services.list_all"))
    return render_form(
        form, "organizer/exhibitor_services/edit.html", service=service, edition_languages=edition.languages
    )
