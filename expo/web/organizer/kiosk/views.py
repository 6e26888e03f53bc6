"""The kiosk's PIN, and the print stations of desks and kiosks."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from expo.accounts.rules import Permission
from expo.badges.queries import get_desk_settings
from expo.badges.services import remove_kiosk_pin, set_kiosk_pin, set_stations
from expo.errors import Invalid
from expo.infra.clock import utcnow
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.form_pages import show_at_field
from expo.web.kit.questions import AnswerForm
from expo.web.organizer.kiosk.forms import PinForm, StationsForm
from expo.web.organizer.sections import section_blueprint

blueprint = section_blueprint("organizer_kiosk", __name__, "/settings/kiosk", Permission.EDITION_MANAGE)


@blueprint.get("", strict_slashes=False)
def show_settings() -> str:
    """Show whether the kiosk is open, and the stations."""
    return _page(PinForm(formdata=None))


@blueprint.post("/pin")
def change_pin() -> str | Response | tuple[str, int]:
    """Set the kiosk's PIN."""
    form = PinForm()
    if form.validate_on_submit():
        try:
            set_kiosk_pin(current_actor(), current_edition().id, form.pin.data or "", utcnow())
        except Invalid as error:
            show_at_field(form, error, "pin")
        else:
            flash(_("PIN saved. Enter it on the device that you want to use as a kiosk."), "success")
            return redirect(url_for("organizer_kiosk.show_settings"))
    return _page(form), 422


@blueprint.post("/close")
def close_kiosk() -> Response:
    """Remove the PIN, which closes every kiosk."""
    remove_kiosk_pin(current_actor(), current_edition().id, utcnow())
    flash(_("Kiosk closed. Set a PIN to open it again."), "success")
    return redirect(url_for("organizer_kiosk.show_settings"))


@blueprint.post("/stations")
def change_stations() -> str | Response | tuple[str, int]:
    """Set the names of the print stations."""
    form = StationsForm()
    if form.validate_on_submit():
        try:
            set_stations(current_actor(), current_edition().id, (form.stations.data or "").splitlines(), utcnow())
        except Invalid as error:
            show_at_field(form, error, "stations")
        else:
            flash(_("Changes saved."), "success")
            return redirect(url_for("organizer_kiosk.show_settings"))
    return _page(PinForm(formdata=None), form), 422


def _page(pin: PinForm, stations: StationsForm | None = None) -> str:
    settings = get_desk_settings(current_edition().id)
    return render_template(
        "organizer/kiosk/settings.html",
        settings=settings,
        pin=pin,
        stations=stations or StationsForm(formdata=None, data={"stations": "\n".join(settings.stations)}),
        form=AnswerForm(),
    )
