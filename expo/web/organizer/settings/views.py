"""Settings: an overview with the status of each, and the expo's details."""

from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from expo.accounts.queries import list_api_tokens, list_role_holders
from expo.accounts.rules import Permission
from expo.badges.queries import list_signing_keys
from expo.editions.queries import list_rooms
from expo.errors import Conflict, Invalid
from expo.flows.edition_dates import change_edition_with_dates, preview_dates
from expo.infra.clock import utcnow
from expo.pure.door_days import DayRange
from expo.tickets.queries import list_quotas, list_ticket_types, name_add_ons
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.colors import DARK_BACKGROUND, TARGET_CONTRAST, WHITE, contrast, is_color, parse_color
from expo.web.kit.form_pages import show_at_field
from expo.web.kit.questions import AnswerForm
from expo.web.organizer.sections import section_blueprint
from expo.web.organizer.settings.dates import carried_fields, read_confirmed
from expo.web.organizer.settings.forms import EditionForm
from expo.web.organizer.setup.views import registration_label

blueprint = section_blueprint("organizer_settings", __name__, "/settings", Permission.EDITION_MANAGE)

Page = str | Response | tuple[str, int]


@blueprint.get("", strict_slashes=False)
def show_settings() -> str:
    """Show all settings, each with its status."""
    edition = current_edition()
    return render_template(
        "organizer/settings/settings.html",
        ticket_types=list_ticket_types(edition.id, utcnow()),
        rooms=list_rooms(edition.id),
        registration_label=registration_label,
        add_ons=name_add_ons(edition.id),
        quotas=list_quotas(edition.id),
        holders=list_role_holders(edition.id),
        tokens=[each for each in list_api_tokens(edition.id) if each.revoked_at is None],
        keys=[each for each in list_signing_keys(edition.id) if each.distrusted_at is None],
    )


@blueprint.route("/expo", methods=["GET", "POST"])
def edit_expo() -> Page:
    """Change the expo's details shown on pages, e-mails and badges."""
    edition = current_edition()
    form = EditionForm.of(edition)
    if form.validate_on_submit():
        change, now = form.to_change(edition), utcnow()
        try:
            change_edition_with_dates(current_actor(), edition.id, change, now, read_confirmed(request.form))
        except Invalid as error:
            show_at_field(form, error, "title")
        except Conflict as error:
            if error.code != "dates_unconfirmed":
                raise
            return _ask_about_dates(DayRange(change.starts_on, change.ends_on), now)
        else:
            flash(_("Changes saved. They appear on pages immediately and in e-mails from now on."), "success")
            return redirect(url_for("organizer_settings.edit_expo"))
    page = render_template("organizer/settings/expo.html", form=form, contrasts=_contrasts(form.accent_color.data))
    return page, 422 if form.errors else 200


def _ask_about_dates(after: DayRange, now: datetime) -> str:
    """Show how changed dates affect tickets and badges, and ask for confirmation, keeping the input."""
    edition = current_edition()
    return render_template(
        "organizer/settings/dates.html",
        form=AnswerForm(),
        change=preview_dates(current_actor(), edition.id, after, now),
        typed=carried_fields(request.form),
    )


def _contrasts(color: str | None) -> dict[str, Any] | None:
    """Return the accent colour's contrast on light and dark backgrounds, or None without one."""
    if not color or not is_color(color):
        return None
    on_light, on_dark = contrast(parse_color(color), WHITE), contrast(parse_color(color), DARK_BACKGROUND)
    return {
        "on_light": round(on_light, 1),
        "on_dark": round(on_dark, 1),
        "light_is_enough": on_light >= TARGET_CONTRAST,
        "dark_is_enough": on_dark >= TARGET_CONTRAST,
    }
