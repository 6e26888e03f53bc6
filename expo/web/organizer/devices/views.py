"""Devices: which ones work, and how they are set up, changed and revoked."""

from collections.abc import Iterable
from datetime import datetime

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _, ngettext
from werkzeug.wrappers import Response as AnyResponse

from expo.accounts.rules import Permission
from expo.checkin.queries.checkpoints import list_checkpoints
from expo.checkin.queries.devices import DeviceRow, get_device, list_devices
from expo.checkin.rules.devices import DeviceState
from expo.checkin.services.devices import (
    create_devices,
    create_enrolment_codes,
    delete_device,
    edit_device,
    revoke_device,
)
from expo.documents.text_qr import text_qr_svg
from expo.errors import Invalid
from expo.infra.addresses import public_url
from expo.infra.clock import utcnow
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.device_labels import state_words
from expo.web.kit.downloads import table_response
from expo.web.kit.form_pages import show_at_field
from expo.web.kit.language import localized, sentence_sep
from expo.web.kit.list_pages import page_of_request
from expo.web.kit.questions import Question, confirm_first
from expo.web.organizer.changes import list_history
from expo.web.organizer.devices.forms import DeviceForm
from expo.web.organizer.devices.labels import PROFILE_NOTES, clock_warning, profile_label
from expo.web.organizer.sections import is_partial_request, section_blueprint

blueprint = section_blueprint("organizer_devices", __name__, "/devices", Permission.CHECKPOINTS_MANAGE)

Page = str | AnyResponse | tuple[str, int]
COLUMNS = (
    "Name", "Profile", "Checkpoints", "Status", "Last seen", "Battery", "Version", "Queue", "Oldest queued scan",
    "Checkpoint", "Clock difference (s)", "Enrolled", "Revoked",
)  # fmt: skip


@blueprint.get("", strict_slashes=False)
def show_devices() -> str:
    """Show every device and whether it works; htmx requests get only the table."""
    edition, now = current_edition(), utcnow()
    template = "organizer/devices/_table.html" if is_partial_request() else "organizer/devices/list.html"
    devices, words = list_devices(edition.id), state_words()
    page = page_of_request(len(devices))
    return render_template(
        template,
        devices=[(each, words[each.state_at(now)], clock_warning(each)) for each in page.cut(devices)],
        page=page,
        profiles=profile_label(),
        checkpoint_names=_places(),
    )


@blueprint.get("/export.<any(csv, xlsx):kind>")
def export(kind: str) -> Response:
    """Return the devices as a file."""
    edition, now = current_edition(), utcnow()

    def local(moment: datetime | None) -> str:
        return moment.astimezone(edition.zone).isoformat(timespec="minutes") if moment else ""

    rows = [
        [
            each.name,
            each.profile.value,
            "; ".join(each.checkpoints),
            each.state_at(now).value,
            local(each.last_seen_at),
            each.battery,
            each.version,
            each.queue_length,
            local(each.oldest_queued_at),
            each.checkpoint or "",
            None if each.skew_ms is None else round(each.skew_ms / 1000),
            local(each.enrolled_at),
            local(each.revoked_at),
        ]
        for each in list_devices(edition.id)
    ]
    return table_response(kind, f"devices-{edition.slug}", COLUMNS, rows)


@blueprint.route("/new", methods=["GET", "POST"])
def add() -> Page:
    """Create one or several devices, and show their codes."""
    edition, actor, now = current_edition(), current_actor(), utcnow()
    form = DeviceForm().offer(_choices())
    if form.validate_on_submit():
        try:
            ids = create_devices(actor, edition.id, [form.to_request(name) for name in form.names()], now)
        except Invalid as error:
            show_at_field(form, error, "name")
        else:
            return _show_codes(ids, now)
    page = render_template("organizer/devices/edit.html", form=form, device=None, profile_notes=_profile_notes())
    return page, 422 if form.errors else 200


@blueprint.route("/<int:device_id>/edit", methods=["GET", "POST"])
def edit(device_id: int) -> Page:
    """Change a device's name, profile and checkpoints."""
    edition, actor, now = current_edition(), current_actor(), utcnow()
    device = get_device(edition.id, device_id)
    form = DeviceForm.of(device).offer(_choices())
    if form.validate_on_submit():
        try:
            edit_device(actor, edition.id, device_id, form.to_request(), now)
        except Invalid as error:
            show_at_field(form, error, "name")
        else:
            flash(_("Changes saved. The device updates within half a minute."), "success")
            return redirect(url_for("organizer_devices.show_devices"))
    page = render_template(
        "organizer/devices/edit.html",
        form=form,
        device=device,
        state=state_words()[device.state_at(now)],
        is_revoked=device.state_at(now) is DeviceState.REVOKED,
        clock=clock_warning(device),
        checkpoint_names=_places(),
        profile_notes=_profile_notes(),
        history=list_history("device", device_id, edition.id),
    )
    return page, 422 if form.errors else 200


@blueprint.post("/codes")
def make_codes() -> Page:
    """Make new codes for the chosen devices and show them, ready to be scanned or printed."""
    ids = [int(each) for each in request.form.getlist("device") if each.isdecimal() and len(each) < 10]  # noqa: PLR2004
    if not ids:
        flash(_("Choose at least one device."), "warning")
        return redirect(url_for("organizer_devices.show_devices"))
    return _show_codes(ids, utcnow())


@blueprint.route("/<int:device_id>/revoke", methods=["GET", "POST"])
def revoke(device_id: int) -> Page:
    """Ask for confirmation, then end a device's access."""
    edition = current_edition()
    device = get_device(edition.id, device_id)
    question = Question(
        _("Revoke %(name)s?", name=device.name),
        _warn_of_unsent(device, _("It loses access at once. The data already on it stays there, encrypted.")),
        _("Revoke device"),
        _trail(),
        is_destructive=True,
    )
    return confirm_first(
        question,
        lambda: revoke_device(current_actor(), edition.id, device_id, utcnow()),
        _("%(name)s revoked.", name=device.name),
    )


@blueprint.route("/<int:device_id>/wipe", methods=["GET", "POST"])
def wipe(device_id: int) -> Page:
    """Ask for confirmation, then end a device's access and have it delete what it holds."""
    edition = current_edition()
    device = get_device(edition.id, device_id)
    question = Question(
        _("Wipe %(name)s?", name=device.name),
        _warn_of_unsent(
            device, _("It loses access at once, and deletes all data of the expo the next time it is online.")
        ),
        _("Wipe device"),
        _trail(),
        is_destructive=True,
    )
    return confirm_first(
        question,
        lambda: revoke_device(current_actor(), edition.id, device_id, utcnow(), wipes=True),
        _("%(name)s revoked. It will be wiped when it is next online.", name=device.name),
    )


@blueprint.route("/<int:device_id>/delete", methods=["GET", "POST"])
def delete(device_id: int) -> Page:
    """Ask for confirmation, then delete a device."""
    edition = current_edition()
    device = get_device(edition.id, device_id)
    question = Question(
        _("Delete %(name)s?", name=device.name),
        _("It loses access at once. To delete the data on it, wipe it first."),
        _("Delete"),
        _trail(),
        is_destructive=True,
    )
    return confirm_first(
        question, lambda: delete_device(current_actor(), edition.id, device_id, utcnow()), _("Deleted.")
    )


def _show_codes(device_ids: Iterable[int], now: datetime) -> AnyResponse:
    """Return the page with the codes; they are in no address and in no store, so it is the only one that has them."""
    edition = current_edition()
    codes = create_enrolment_codes(current_actor(), edition.id, list(device_ids), now)
    devices = list_devices(edition.id, list(codes))
    links = {each.id: public_url(f"/door/enrol#{codes[each.id]}") for each in devices}
    page = render_template(
        "organizer/devices/codes.html",
        devices=devices,
        links=links,
        pictures={each.id: text_qr_svg(links[each.id], _("Code for %(name)s", name=each.name)) for each in devices},
        profiles=profile_label(),
        checkpoint_names=_places(),
        expires_at=devices[0].code_expires_at,
    )
    response = Response(page)
    response.headers["Cache-Control"] = "no-store"
    return response


def _warn_of_unsent(device: DeviceRow, text: str) -> str:
    """Add what happens to scans that the device has not sent: it may still send them."""
    if not device.queue_length:
        return text
    unsent = ngettext(
        "It can still send the %(num)d scan that it has not sent yet.",
        "It can still send the %(num)d scans that it has not sent yet.",
        device.queue_length,
    )
    return text + sentence_sep() + unsent


def _profile_notes() -> list[tuple[str, str]]:
    return [(word, str(PROFILE_NOTES[each])) for each, word in profile_label().items()]


def _places() -> dict[str, str]:
    return {each.code: localized(each.name) for each in list_checkpoints(current_edition().id)}


def _choices() -> list[tuple[str, str]]:
    return list(_places().items())


def _trail() -> list[tuple[str, str]]:
    return [
        (_("Check-in"), url_for("organizer_checkpoints.show_checkpoints")),
        (_("Devices"), url_for("organizer_devices.show_devices")),
    ]
