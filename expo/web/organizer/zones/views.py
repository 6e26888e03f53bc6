"""Zones: list with people inside, create, change and delete."""

from dataclasses import replace

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from expo.accounts.rules import Permission
from expo.checkin.queries.checkpoints import list_checkpoints
from expo.checkin.queries.zones import ZoneRow, count_inside, get_zone, list_zones
from expo.checkin.services.zones import create_zone, delete_zone, edit_zone
from expo.errors import Conflict, Invalid
from expo.infra.clock import utcnow
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.downloads import table_response
from expo.web.kit.form_pages import render_form, show_at_field
from expo.web.kit.language import localized
from expo.web.kit.questions import AnswerForm, Question, show_question
from expo.web.organizer.sections import section_blueprint
from expo.web.organizer.zones.forms import ZoneForm

blueprint = section_blueprint("organizer_zones", __name__, "/zones", Permission.CHECKPOINTS_MANAGE)

Page = str | AnyResponse | tuple[str, int]
COLUMNS = (
    "Code", "Name (English)", "Name (Chinese)", "Checkpoints", "Capacity", "Inside", "Warning at %", "Alarm at %",
    "Group", "Second entry",
)  # fmt: skip


@blueprint.get("", strict_slashes=False)
def show_zones() -> str:
    """List the zones with their checkpoints and the people inside."""
    edition = current_edition()
    zones = list_zones(edition.id)
    return render_template(
        "organizer/zones/list.html",
        zones=zones,
        inside=count_inside(edition.id),
        checkpoints={each.code: each for each in list_checkpoints(edition.id)},
        partners={each.code: _partners(each, zones) for each in zones},
    )


@blueprint.get("/export.<any(csv, xlsx):kind>")
def export(kind: str) -> Response:
    """Return the zones as a file."""
    edition = current_edition()
    inside = count_inside(edition.id)
    rows = [
        [
            each.code,
            each.name.get("en", ""),
            each.name.get("zh", ""),
            "; ".join(each.checkpoint_codes),
            each.capacity,
            inside[each.code],
            each.warning_percent,
            each.alarm_percent,
            each.exclusive_group or "",
            "refused" if each.anti_passback else "counted",
        ]
        for each in list_zones(edition.id)
    ]
    return table_response(kind, f"zones-{edition.slug}", COLUMNS, rows)


@blueprint.route("/new", methods=["GET", "POST"])
def add() -> Page:
    """Create a zone."""
    edition = current_edition()
    form, zones = ZoneForm(), list_zones(edition.id)
    form.offer(zones)
    if request.method == "GET":
        form.warning_percent.data, form.alarm_percent.data = 80, 95
    if form.validate_on_submit():
        code = (form.code.data or "").strip()
        wanted = replace(form.to_request(edition, code), position=len(zones))
        try:
            create_zone(current_actor(), edition.id, code, wanted, utcnow())
        except (Conflict, Invalid) as error:
            show_at_field(form, error, "code")
        else:
            name = localized(wanted.name)
            flash(_("Zone %(name)s created. Assign checkpoints to it when you edit them.", name=name), "success")
            return redirect(url_for("organizer_zones.show_zones"))
    return render_form(form, "organizer/zones/edit.html", zone=None, edition_languages=edition.languages)


@blueprint.route("/<code>/edit", methods=["GET", "POST"])
def edit(code: str) -> Page:
    """Change a zone."""
    edition = current_edition()
    zone = get_zone(edition.id, code)
    form = ZoneForm.of(zone)
    form.offer(list_zones(edition.id), code)
    del form.code  # the API uses it, so it cannot be changed
    if form.validate_on_submit():
        try:
            edit_zone(current_actor(), edition.id, code, form.to_request(edition, code, zone), utcnow())
        except (Conflict, Invalid) as error:
            show_at_field(form, error, "group" if error.code == "zone_in_use" else "name")
        else:
            flash(_("Changes saved. Scanners update within two seconds."), "success")
            return redirect(url_for("organizer_zones.show_zones"))
    return render_form(form, "organizer/zones/edit.html", zone=zone, edition_languages=edition.languages)


@blueprint.route("/<code>/delete", methods=["GET", "POST"])
def delete(code: str) -> Page:
    """Name what depends on a zone, or ask for confirmation and delete it."""
    edition = current_edition()
    zone = get_zone(edition.id, code)
    title = _("Delete %(name)s?", name=localized(zone.name))
    if zone.checkpoint_codes:
        doors = [each for each in list_checkpoints(edition.id) if each.code in zone.checkpoint_codes]
        page = render_template("organizer/zones/in_use.html", title=title, zone=zone, doors=doors)
        return page, 409 if request.method == "POST" else 200
    trail = [
        (_("Check-in"), url_for("organizer_checkpoints.show_checkpoints")),
        (_("Zones"), url_for("organizer_zones.show_zones")),
    ]
    question = Question(title, _("This cannot be undone."), _("Delete"), trail, is_destructive=True)
    if not AnswerForm().validate_on_submit():
        return show_question(question)
    actor = current_actor()
    try:
        delete_zone(actor, edition.id, code, utcnow())
    except Conflict as error:
        return show_question(question, error)
    flash(_("Deleted."), "success")
    return redirect(question.back_url)


def _partners(zone: ZoneRow, zones: list[ZoneRow]) -> list[ZoneRow]:
    """Return the other zones that entering this one leaves."""
    if zone.exclusive_group is None:
        return []
    return [each for each in zones if each.exclusive_group == zone.exclusive_group and each.code != zone.code]
