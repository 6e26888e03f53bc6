"""Add-ons: list with what is sold and left, create, change, stop selling, delete."""

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from expo.accounts.rules import Permission
from expo.errors import Conflict, ExpoError, Invalid
from expo.flows.add_ons import (
    checkpoints_asking_for,
    offer_add_on,
    remove_add_on,
    reoffer_add_on,
    stop_selling_add_on,
)
from expo.infra.clock import utcnow
from expo.registration.queries import count_sold_add_ons, is_add_on_booked
from expo.tickets.queries import AddOnRow, get_add_on, list_add_ons, list_quotas, list_ticket_types
from expo.tickets.rules import SaleState
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.downloads import table_response
from expo.web.kit.form_pages import render_form, show_at_field
from expo.web.kit.language import localized
from expo.web.kit.questions import Question, confirm_first
from expo.web.kit.text_fields import texts_of
from expo.web.organizer.add_ons.forms import AddOnForm
from expo.web.organizer.labels import SALE_STATES
from expo.web.organizer.navigation import settings_trail
from expo.web.organizer.sections import section_blueprint

blueprint = section_blueprint("organizer_add_ons", __name__, "/settings/add-ons", Permission.EDITION_MANAGE)

Page = str | AnyResponse | tuple[str, int]
COLUMNS = (
    "Code", "Name (English)", "Name (Chinese)", "Price", "Currency", "Sold", "Left", "Maximum per person",
    "Offered with", "Public", "Sales",
)  # fmt: skip


@blueprint.get("")
def show_add_ons() -> str:
    """List the add-ons with what is sold and left."""
    edition = current_edition()
    now = utcnow()
    return render_template(
        "organizer/add_ons/list.html",
        add_ons=list_add_ons(edition.id, now),
        sold=count_sold_add_ons(edition.id),
        ticket_names={each.code: localized(each.name) for each in list_ticket_types(edition.id, now)},
        sale_states=SALE_STATES,
    )


@blueprint.get("/export.<any(csv, xlsx):kind>")
def export(kind: str) -> Response:
    """Return the add-ons as a file."""
    edition = current_edition()
    sold = count_sold_add_ons(edition.id)
    rows = [
        [
            each.code,
            each.name.get("en", ""),
            each.name.get("zh", ""),
            each.price_cents / 100,
            each.currency,
            sold.get(each.code, 0),
            each.places_left,
            each.max_per_attendee,
            "; ".join(each.ticket_type_codes),
            "yes" if each.is_public else "no",
            each.sale_state.value,
        ]
        for each in list_add_ons(edition.id, utcnow())
    ]
    return table_response(kind, f"add-ons-{edition.slug}", COLUMNS, rows)


@blueprint.route("/new", methods=["GET", "POST"])
def add() -> Page:
    """Create an add-on."""
    edition, now = current_edition(), utcnow()
    form = AddOnForm()
    form.offer(list_ticket_types(edition.id, now), list_quotas(edition.id))
    if form.validate_on_submit():
        code = (form.code.data or "").strip()
        try:
            offer_add_on(
                current_actor(),
                edition.id,
                code,
                form.to_values(edition),
                form.size.data,
                form.quota_ids.data or [],
                now,
            )
        except (Conflict, Invalid) as error:
            _show_error(form, error, "code")
        else:
            flash(_("Add-on %(name)s created.", name=localized(texts_of(form.name, edition.languages))), "success")
            return redirect(url_for("organizer_add_ons.show_add_ons"))
    return _form_page(form, None)


@blueprint.route("/<code>/edit", methods=["GET", "POST"])
def edit(code: str) -> Page:
    """Change an add-on."""
    edition, now = current_edition(), utcnow()
    row = get_add_on(edition.id, code, now)
    form = AddOnForm.of(row, edition)
    form.offer(list_ticket_types(edition.id, now), list_quotas(edition.id), row.own_quota)
    del form.code  # checkpoints and programs use it, so it cannot be changed
    if form.validate_on_submit():
        try:
            reoffer_add_on(
                current_actor(),
                edition.id,
                code,
                form.to_values(edition, row),
                form.size.data,
                form.quota_ids.data or [],
                now,
            )
        except (Conflict, Invalid) as error:
            _show_error(form, error, "price")
        else:
            flash(_("Changes to %(name)s saved.", name=localized(row.name)), "success")
            return redirect(url_for("organizer_add_ons.show_add_ons"))
    return _form_page(form, row)


@blueprint.route("/<code>/stop", methods=["GET", "POST"])
def stop(code: str) -> AnyResponse | tuple[str, int]:
    """Ask for confirmation, then end the sale of an add-on."""
    edition = current_edition()
    row = get_add_on(edition.id, code, utcnow())
    name = localized(row.name)
    question = Question(
        _("Stop selling %(name)s?", name=name),
        _("It can no longer be booked. Existing bookings stay valid. To sell it again, change when its sales end."),
        _("Stop selling"),
        _trail(),
    )
    return confirm_first(
        question,
        lambda: stop_selling_add_on(current_actor(), edition.id, code, utcnow()),
        _("%(name)s is no longer sold.", name=name),
    )


@blueprint.route("/<code>/delete", methods=["GET", "POST"])
def delete(code: str) -> AnyResponse | tuple[str, int]:
    """Ask for confirmation, then delete an add-on that was never booked."""
    edition = current_edition()
    row = get_add_on(edition.id, code, utcnow())
    question = Question(
        _("Delete %(name)s?", name=localized(row.name)),
        _("This cannot be undone."),
        _("Delete"),
        _trail(),
        is_destructive=True,
    )
    return confirm_first(question, lambda: remove_add_on(current_actor(), edition.id, code, utcnow()), _("Deleted."))


def _form_page(form: AddOnForm, row: AddOnRow | None) -> tuple[str, int]:
    edition = current_edition()
    doors = checkpoints_asking_for(edition.id, row.code) if row else []
    return render_form(
        form,
        "organizer/add_ons/edit.html",
        add_on=row,
        languages=edition.languages,
        doors=[localized(each) for each in doors],
        is_booked=row is not None and is_add_on_booked(row.id),
        is_over=row is not None and row.sale_state is SaleState.ENDED,
    )


def _show_error(form: AddOnForm, error: ExpoError, otherwise: str) -> None:
    if error.code == "quota_below_taken":
        otherwise = "size"
    show_at_field(form, error, otherwise)


def _trail() -> list[tuple[str, str]]:
    return settings_trail(_("Add-ons"), "organizer_add_ons.show_add_ons")
