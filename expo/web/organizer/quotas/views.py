"""Quotas: the places that ticket types and add-ons share, and how many are taken."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from expo.accounts.rules import Permission
from expo.errors import Conflict, Invalid, Missing
from expo.flows.tickets import change_quota, create_quota
from expo.infra.clock import utcnow
from expo.tickets.queries import list_quotas, list_ticket_types, name_add_ons
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.choices import as_choices
from expo.web.kit.form_pages import render_form, show_at_field
from expo.web.kit.language import localized
from expo.web.organizer.quotas.forms import QuotaForm
from expo.web.organizer.sections import section_blueprint

blueprint = section_blueprint("organizer_quotas", __name__, "/settings/quotas", Permission.EDITION_MANAGE)

Page = str | Response | tuple[str, int]


@blueprint.get("")
def show_quotas() -> str:
    """List quotas and how full they are."""
    edition = current_edition()
    names = {each.code: localized(each.name) for each in list_ticket_types(edition.id, utcnow())}
    return render_template(
        "organizer/quotas/list.html",
        quotas=list_quotas(edition.id),
        names=names,
        add_on_names={code: localized(name) for code, name in name_add_ons(edition.id).items()},
    )


@blueprint.route("/new", methods=["GET", "POST"])
def add_quota() -> Page:
    """Create a quota."""
    edition = current_edition()
    form = QuotaForm()
    _offer(form)
    if form.validate_on_submit():
        try:
            create_quota(
                current_actor(),
                edition.id,
                form.name.data or "",
                form.size.data,
                form.ticket_types.data or [],
                utcnow(),
                form.add_ons.data or [],
            )
        except (Conflict, Invalid) as error:
            show_at_field(form, error, "size" if error.code == "quota_below_taken" else "name")
        else:
            flash(_("Quota %(name)s created.", name=form.name.data), "success")
            return redirect(url_for("organizer_quotas.show_quotas"))
    return render_form(form, "organizer/quotas/edit.html", quota=None)


@blueprint.route("/<int:quota_id>/edit", methods=["GET", "POST"])
def edit_quota(quota_id: int) -> Page:
    """Change a quota's size, its ticket types or its add-ons."""
    edition = current_edition()
    quota = next((each for each in list_quotas(edition.id) if each.id == quota_id), None)
    if quota is None:
        raise Missing("quota_missing")
    form = QuotaForm(
        data={
            "name": quota.name,
            "size": quota.size,
            "ticket_types": list(quota.ticket_type_codes),
            "add_ons": list(quota.add_on_codes),
        }
    )
    _offer(form)
    del form.name  # the name cannot be changed later
    if form.validate_on_submit():
        try:
            change_quota(
                current_actor(),
                edition.id,
                quota.id,
                form.size.data,
                form.ticket_types.data or [],
                utcnow(),
                form.add_ons.data or [],
            )
        except (Conflict, Invalid) as error:
            show_at_field(form, error, "size")
        else:
            flash(_("Changes to quota %(name)s saved.", name=quota.name), "success")
            return redirect(url_for("organizer_quotas.show_quotas"))
    return render_form(form, "organizer/quotas/edit.html", quota=quota)


def _offer(form: QuotaForm) -> None:
    """Set the choices."""
    edition_id = current_edition().id
    form.ticket_types.choices = as_choices(
        (each.code, localized(each.name)) for each in list_ticket_types(edition_id, utcnow())
    )
    form.add_ons.choices = as_choices((code, localized(name)) for code, name in name_add_ons(edition_id).items())
