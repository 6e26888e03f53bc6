"""Setting up an expo: its first step, and a checklist from an empty database to open registration."""

from dataclasses import dataclass

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _, ngettext
from werkzeug.wrappers import Response

from expo.accounts.rules import Permission, require
from expo.editions.queries import EditionFacts, list_editions
from expo.editions.rules import RegistrationState
from expo.editions.services import create_edition
from expo.errors import Conflict, Invalid
from expo.infra.clock import utcnow
from expo.mail.services import has_mail_server
from expo.reports.setup import SetupStep, StepName, get_setup
from expo.web.kit.access import Audience, audience_blueprint, choose_edition, current_actor
from expo.web.kit.form_pages import show_at_field
from expo.web.kit.formats import date_local, date_range, number
from expo.web.kit.language import current_language
from expo.web.organizer.setup.forms import NewEditionForm, first_free_start

# Available without an edition, because the first one is created here.
blueprint = audience_blueprint("organizer_setup", __name__, Audience.STAFF, url_prefix="/organizer/setup")


@dataclass(frozen=True)
class StepCard:
    """A step of the checklist for display; without `url` it requires the expo to exist first."""

    step: SetupStep
    title: str
    text: str
    found: str
    icon: str
    url: str | None
    button: str


@blueprint.before_request
def _require_organizer() -> None:
    require(current_actor(), Permission.EDITION_MANAGE, g.edition.id if g.edition else None)


@blueprint.get("", strict_slashes=False)
def checklist() -> str:
    """Show which steps are done and which remain until people can register and check in."""
    edition: EditionFacts | None = g.edition
    setup = get_setup(edition, utcnow())
    return render_template(
        "organizer/setup/checklist.html",
        setup=setup,
        cards=[_card(each, edition, setup.registration) for each in setup.steps],
        sends_mail=has_mail_server(),
    )


@blueprint.route("/expo", methods=["GET", "POST"])
def create_expo() -> str | Response | tuple[str, int]:
    """Create an expo: the first of this installation, or the next."""
    actor = current_actor()
    require(actor, Permission.EDITION_MANAGE, None)
    form = NewEditionForm(data=first_free_start(list_editions()))
    if form.validate_on_submit() and form.starts_on.data and form.ends_on.data:
        title = {code: text.strip() for code, text in form.title.data.items() if text and text.strip()}
        try:
            edition_id = create_edition(
                actor,
                slug=(form.slug.data or "").strip(),
                title=title,
                starts_on=form.starts_on.data,
                ends_on=form.ends_on.data,
                time_zone=(form.time_zone.data or "").strip(),
                languages=list(title) or [current_language().code],
                now=utcnow(),
                registration_is_open=False,
            )
        except (Conflict, Invalid) as error:
            show_at_field(form, error, "slug")
        else:
            choose_edition(edition_id)
            flash(_("Expo created. Continue with the next step."), "success")
            return redirect(url_for("organizer_setup.checklist"))
    return render_template("organizer/setup/expo.html", form=form), 422 if form.errors else 200


def _card(step: SetupStep, edition: EditionFacts | None, registration: RegistrationState | None) -> StepCard:
    title, text, icon, endpoint, button = _describe_step(step.name, has_edition=edition is not None)
    can_open = edition is not None or step.name is StepName.EDITION
    return StepCard(
        step,
        title,
        text,
        _describe_progress(step, edition, registration),
        icon,
        url_for(endpoint) if can_open else None,
        button,
    )


def _describe_step(name: StepName, *, has_edition: bool) -> tuple[str, str, str, str, str]:
    """Return a step's title, purpose, icon, page and button label."""
    if name is StepName.EDITION:
        return (
            _("Expo"),
            _("Name, dates, time zone and venue."),
            "calendar-days",
            "organizer_settings.edit_expo" if has_edition else "organizer_setup.create_expo",
            _("Edit details") if has_edition else _("Create expo"),
        )
    return {
        StepName.VENUE: (
            _("Halls and rooms"),
            _("Where sessions take place, exhibitors have their booths and badges are scanned."),
            "building-2",
            "organizer_venue.show_venue",
            _("Manage halls and rooms"),
        ),
        StepName.TICKETS: (
            _("Ticket types"),
            _("The tickets people can choose, their prices and how many are available."),
            "ticket",
            "organizer_tickets.list_tickets",
            _("Manage ticket types"),
        ),
        StepName.CHECKPOINTS: (
            _("Checkpoints"),
            _("The entrances and rooms where badges are scanned."),
            "door-open",
            "organizer_checkpoints.show_checkpoints",
            _("Manage checkpoints"),
        ),
        StepName.TEAM: (
            _("Team"),
            _("Invite the people who work with you: organizers, help desk staff and stewards."),
            "users",
            "organizer_team.show_team",
            _("Invite team members"),
        ),
        StepName.REGISTRATION: (
            _("Open registration"),
            _("Decide when visitors can register on the public pages."),
            "log-in",
            "organizer_registration.edit_window",
            _("Registration settings"),
        ),
    }[name]


def _describe_progress(step: SetupStep, edition: EditionFacts | None, registration: RegistrationState | None) -> str:
    """Return a step's status in figures, or an empty text if there is nothing yet."""
    if edition is None or not step.count:
        return ""
    count = number(step.count)
    if step.name is StepName.EDITION:
        return date_range(edition.starts_on, edition.ends_on, "medium")
    if step.name is StepName.REGISTRATION:
        return registration_label(edition, registration)
    return {
        StepName.VENUE: ngettext("%(count)s hall or room", "%(count)s halls and rooms", step.count, count=count),
        StepName.TICKETS: ngettext("%(count)s ticket type", "%(count)s ticket types", step.count, count=count),
        StepName.CHECKPOINTS: ngettext("%(count)s checkpoint", "%(count)s checkpoints", step.count, count=count),
        StepName.TEAM: ngettext("%(count)s team member", "%(count)s team members", step.count, count=count),
    }[step.name]


def registration_label(edition: EditionFacts, registration: RegistrationState | None) -> str:
    """Return a short text saying whether visitors can register now."""
    if registration is RegistrationState.CLOSED:
        return _("Registration has closed")
    if registration is RegistrationState.OPEN:
        return _("Registration is open")
    if registration is RegistrationState.NOT_YET and edition.registration.opens_at is not None:
        return _("Opens on %(day)s", day=date_local(edition.registration.opens_at, "medium"))
    return _("Registration is not open")
