"""When the public can register: a switch, and the moments between which registration is open."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _, lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import BooleanField

from expo.accounts.rules import Permission
from expo.editions.queries import EditionFacts
from expo.editions.rules import RegistrationState, RegistrationWindow
from expo.editions.services import set_registration_window
from expo.errors import Invalid
from expo.infra.clock import utcnow
from expo.tickets.queries import list_ticket_types
from expo.web.kit.access import current_actor, current_edition
from expo.web.organizer.errors_in_forms import show_at_field
from expo.web.organizer.sections import section_blueprint
from expo.web.organizer.setup import registration_words
from expo.web.organizer.text_fields import as_typed, in_zone, moment_field

blueprint = section_blueprint("organizer_registration", __name__, "/settings/registration", Permission.EDITION_MANAGE)


class RegistrationWindowForm(FlaskForm):  # type: ignore[misc]
    """The switch, and from when to when."""

    is_open = BooleanField(
        _l("Visitors can register"),
        description=_l("While this is off, the public pages say that registration is not open."),
    )
    opens_at = moment_field(_l("Opens"), _l("In the time zone of the expo. Leave it empty to open at once."))
    closes_at = moment_field(_l("Closes"), _l("Leave it empty to keep registration open."))

    @classmethod
    def of(cls, edition: EditionFacts) -> "RegistrationWindowForm":
        """Return the form filled in with how it stands, or with what was just typed."""
        window = edition.registration
        return cls(
            data={
                "is_open": window.is_open,
                "opens_at": as_typed(window.opens_at, edition.zone),
                "closes_at": as_typed(window.closes_at, edition.zone),
            }
        )

    def to_window(self, edition: EditionFacts) -> RegistrationWindow:
        """Return what was typed as a plain value."""
        return RegistrationWindow(
            is_open=bool(self.is_open.data),
            opens_at=in_zone(self.opens_at.data, edition.zone),
            closes_at=in_zone(self.closes_at.data, edition.zone),
        )


@blueprint.route("", methods=["GET", "POST"], strict_slashes=False)
def edit_window() -> str | Response | tuple[str, int]:
    """Open or close registration, now or between two moments."""
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
        "organizer/settings/registration.html",
        form=form,
        state=state,
        state_words=registration_words(edition, state),
        has_tickets=bool(list_ticket_types(edition.id, now, public_only=True)),
    )
    return page, 422 if form.errors else 200


def _saved(state: RegistrationState) -> str:
    if state is RegistrationState.OPEN:
        return str(_("Saved. Registration is open."))
    if state is RegistrationState.NOT_YET:
        return str(_("Saved. Registration opens by itself at the time you set."))
    return str(_("Saved. Registration is closed."))
