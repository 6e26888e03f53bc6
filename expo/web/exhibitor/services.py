"""Services to order for the booth: amounts, changes until the last day, and the total."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _, pgettext
from werkzeug.wrappers import Response

from expo.errors import Conflict, Invalid, Missing
from expo.exhibitors.queries import list_services_of
from expo.exhibitors.rules import MAX_AMOUNT, TeamAct
from expo.exhibitors.services import order_service
from expo.infra.clock import utcnow
from expo.web.exhibitor.company_pages import render_company_page
from expo.web.exhibitor.confirmations import confirm_deletion
from expo.web.exhibitor.sections import current_membership, exhibitor_blueprint
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.errors import message_of, message_of_code
from expo.web.kit.language import localized

blueprint = exhibitor_blueprint("exhibitor_services", __name__, "/services", TeamAct.ORDER_SERVICES)


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


@blueprint.route("/<int:service_id>/cancel", methods=["GET", "POST"])
def cancel(service_id: int) -> Response | tuple[str, int]:
    """Cancel an order, after a question: what is freed may be ordered by others."""
    edition, member = current_edition(), current_membership()
    services = list_services_of(edition.id, member.exhibitor_id)
    found = next((each for each in services if each.service.id == service_id and each.amount), None)
    if found is None:
        raise Missing("service_missing")
    return confirm_deletion(
        _("Cancel the order of %(name)s?", name=localized(dict(found.service.name))),
        _("Others can order it then, and it may be sold out if you change your mind."),
        pgettext("service", "Cancel order"),
        (_("Services"), url_for("exhibitor_services.show")),
        lambda: order_service(current_actor(), edition.id, member.slug, service_id, 0, utcnow()),
        _("Your order is cancelled."),
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
        flash(_("Your order is saved.") if amount else _("Your order is cancelled."), "success")
    return redirect(url_for("exhibitor_services.show", _anchor=f"service-{service_id}"))
