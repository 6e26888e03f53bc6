"""Services to order for the booth: amounts, changes until the last day, the total, and a confirmation to print."""

from flask import Response as File, flash, redirect, request, url_for
from flask_babel import gettext as _, pgettext
from werkzeug.wrappers import Response

from expo.documents.report import Cell, Report, Table
from expo.errors import Conflict, Invalid, Missing
from expo.exhibitors.queries import get_package, get_record, list_services_of
from expo.exhibitors.rules import MAX_AMOUNT, TeamAction
from expo.exhibitors.services import order_service
from expo.infra.clock import utcnow
from expo.web.exhibitor.company_pages import render_company_page
from expo.web.exhibitor.confirmations import confirm_deletion
from expo.web.exhibitor.sections import current_membership, exhibitor_blueprint
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.errors import message_of, message_of_code
from expo.web.kit.formats import country_name, currency, date_local, datetime_local, number
from expo.web.kit.language import localized
from expo.web.kit.reports import report_response

blueprint = exhibitor_blueprint("exhibitor_services", __name__, "/services", TeamAction.ORDER_SERVICES)


@blueprint.get("", strict_slashes=False)
def show() -> str:
    """Show every service with what is ordered of it."""
    edition = current_edition()
    services = list_services_of(edition.id, current_membership().exhibitor_id)
    return render_company_page(
        "exhibitor/services.html",
        services=services,
        total_cents=sum(each.total_cents for each in services),
        today=utcnow().astimezone(edition.zone).date(),
        most=MAX_AMOUNT,
    )


@blueprint.get("/overview.<any(pdf, xlsx):kind>")
def export_overview(kind: str) -> File:
    """Return the confirmation of the package and everything ordered, with prices and the total, as a file to print."""
    return report_response(kind, _confirmation(), f"order-confirmation-{current_membership().slug}")


@blueprint.route("/<int:service_id>/cancel", methods=["GET", "POST"])
def cancel(service_id: int) -> Response | tuple[str, int]:
    """Cancel an order, after confirmation: what is freed may be ordered by others."""
    edition, member = current_edition(), current_membership()
    services = list_services_of(edition.id, member.exhibitor_id)
    found = next((each for each in services if each.service.id == service_id and each.amount), None)
    if found is None:
        raise Missing("service_missing")
    return confirm_deletion(
        _("Cancel the order of %(name)s?", name=localized(dict(found.service.name))),
        _("Others can then order it, and it may be sold out if you change your mind."),
        pgettext("service", "Cancel order"),
        (_("Services"), url_for("exhibitor_services.show")),
        lambda: order_service(current_actor(), edition.id, member.slug, service_id, 0, utcnow()),
        _("Your order has been cancelled."),
    )


@blueprint.post("/<int:service_id>")
def order(service_id: int) -> Response:
    """Order an amount instead of the former one; 0 cancels."""
    amount = request.form.get("amount", type=int)
    if amount is None:
        flash(message_of_code("amount_out_of_range", {"minimum": 0, "maximum": MAX_AMOUNT}), "danger")
        return redirect(url_for("exhibitor_services.show"))
    try:
        order_service(current_actor(), current_edition().id, current_membership().slug, service_id, amount, utcnow())
    except (Conflict, Invalid) as error:
        flash(message_of(error), "danger")
    else:
        flash(_("Your order has been saved.") if amount else _("Your order has been cancelled."), "success")
    return redirect(url_for("exhibitor_services.show", _anchor=f"service-{service_id}"))


def _confirmation() -> Report:
    edition, membership = current_edition(), current_membership()
    record = get_record(edition.id, membership.slug)
    lines = [
        (localized(dict(each.service.name)), each.amount, each.price_cents, each.ordered_at)
        for each in list_services_of(edition.id, membership.exhibitor_id)
        if each.amount
    ]
    if record.package:
        package = get_package(edition.id, record.package)
        lines.insert(0, (_("Package: %(name)s", name=localized(package.name)), 1, package.price_cents, None))
    total = sum(amount * price for _name, amount, price, _at in lines)
    codes = [each.code for each in record.booths]
    issuer = (
        f"{localized(edition.title)} ({edition.contact_email})" if edition.contact_email else localized(edition.title)
    )
    return Report(
        title=_("Order confirmation"),
        subtitle=" · ".join(filter(None, [record.name, country_name(record.country), *codes])),
        as_of=_("As of %(time)s", time=datetime_local(utcnow())),
        page=_("Page {page} of {pages}"),
        parts=[
            Table(
                "orders",
                _("Package and services"),
                [_("Service"), _("Quantity"), _("Price"), _("Amount due"), _("Ordered on")],
                [
                    *(
                        [
                            Cell(name),
                            Cell(number(amount), amount),
                            _money(price),
                            _money(amount * price),
                            Cell(date_local(at, "short") if at else ""),
                        ]
                        for name, amount, price, at in lines
                    ),
                    *([[Cell(_("Total")), Cell(""), Cell(""), _money(total), Cell("")]] if lines else []),
                ],
                remark=_(
                    "Confirmed by %(issuer)s, at the prices when you ordered. This is not an invoice.",
                    issuer=issuer,
                ),
                empty=_("Nothing has been ordered yet."),
            )
        ],
    )


def _money(cents: int) -> Cell:
    return Cell(currency(cents, current_edition().currency), cents / 100)
