"""The registration period: a switch, with opening and closing times."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from expo.accounts.rules import Permission
from expo.editions.rules import RegistrationState
from expo.editions.services import set_registration_window
from expo.errors import Invalid
from expo.infra.clock import utcnow
from expo.tickets.queries import list_ticket_types
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.form_pages import show_at_field
from expo.web.organizer.registration.forms import RegistrationWindowForm
from expo.web.organizer.sections import section_blueprint
from expo.web.organizer.setup.views import registration_label

blueprint = section_blueprint("organizer_registration", __name__, "/settings/registration", Permission.EDITION_MANAGE)


@blueprint.route("", methods=["GET", "POST"], strict_slashes=False)
def edit_window() -> str | Response | tuple[str, int]:
    """Open or close registration, immediately or at given times."""
    edition, now = current_edition(), utcnow()
    form = RegistrationWindowForm.of(edition)
    if form.validate_on_submit():
        window = form.to_window(edition)
        try:
            set_registration_window(current_actor(), edition.id, window, now)
        except Invalid as error:
            show_at_field(form, error, "closes_at")
        else:
            flash(_saved(window.state_at(now)), "success")
            return redirect(url_for("organizer_registration.edit_window"))
    state = edition.registration.state_at(now)
    page = render_template(
        "organizer/registration/window.html",
        form=form,
        state=state,
        state_words=registration_label(edition, state),
        has_tickets=bool(list_ticket_types(edition.id, now, public_only=True)),
    )
    return page, 422 if form.errors else 200


def _saved(state: RegistrationState) -> str:
    if state is RegistrationState.OPEN:
        return str(_("Changes saved. Registration is open."))
    if state is RegistrationState.NOT_YET:
        return str(_("Changes saved. Registration opens automatically at the time you set."))
    return str(_("Changes saved. Registration is closed."))
