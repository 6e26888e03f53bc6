"""Settings: what the expo is, what is offered, who may do what, and what signs the badges."""

from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from expo.accounts.queries import list_api_tokens, list_role_holders
from expo.accounts.rules import Permission, Role, require, require_confirmed
from expo.accounts.services import create_api_token, revoke_api_token, withdraw_role
from expo.badges.queries import list_signing_keys
from expo.badges.services import create_signing_key, distrust_signing_key
from expo.editions.queries import get_edition, list_editions, list_rooms
from expo.editions.services import make_current
from expo.errors import Conflict, ExpoError, Invalid, Missing
from expo.flows.edition_dates import change_edition_with_dates, preview_dates
from expo.flows.team import invite_to_team
from expo.flows.tickets import change_quota, create_quota, offer_ticket_type, reoffer_ticket_type
from expo.infra.clock import utcnow
from expo.mail.services import has_mail_server
from expo.pure.door_days import DayRange
from expo.tickets.queries import QuotaRow, get_ticket_type, list_quotas, list_ticket_types
from expo.web.kit.access import current_actor, current_edition, current_person_id
from expo.web.kit.choices import as_choices
from expo.web.kit.colors import ENOUGH, NIGHT, WHITE, contrast, is_color, parse_color
from expo.web.kit.language import current_language, localized
from expo.web.organizer.date_change import read_confirmed, typed_before
from expo.web.organizer.errors_in_forms import show_at_field
from expo.web.organizer.questions import AnswerForm, Question, show_question
from expo.web.organizer.sections import section_blueprint
from expo.web.organizer.settings_forms import (
    ApiTokenForm,
    EditionForm,
    QuotaForm,
    RoleForm,
    TicketTypeForm,
)
from expo.web.organizer.setup import registration_words
from expo.web.organizer.words import PERMISSIONS, ROLE_TEXTS, ROLES, SALE_STATES

blueprint = section_blueprint("organizer_settings", __name__, "/settings", Permission.EDITION_MANAGE)

Page = str | Response | tuple[str, int]


@blueprint.get("", strict_slashes=False)
def overview() -> str:
    """Show what can be set, each with how it stands."""
    edition = current_edition()
    return render_template(
        "organizer/settings/overview.html",
        ticket_types=list_ticket_types(edition.id, utcnow()),
        rooms=list_rooms(edition.id),
        registration_words=registration_words,
        quotas=list_quotas(edition.id),
        holders=list_role_holders(edition.id),
        tokens=[each for each in list_api_tokens(edition.id) if each.revoked_at is None],
        keys=[each for each in list_signing_keys(edition.id) if each.distrusted_at is None],
    )


@blueprint.route("/expo", methods=["GET", "POST"])
def edit_edition() -> Page:
    """Change what pages, letters and badges say of the expo."""
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
            flash(_("Saved. Pages show it now, letters from now on."), "success")
            return redirect(url_for("organizer_settings.edit_edition"))
    page = render_template("organizer/settings/edition.html", form=form, contrasts=_contrasts(form.accent_color.data))
    return page, 422 if form.errors else 200


def _ask_about_dates(after: DayRange, now: datetime) -> str:
    """Show what happens to tickets and badges when the days change, with all that was typed, and ask."""
    edition = current_edition()
    return render_template(
        "organizer/settings/dates.html",
        form=AnswerForm(),
        change=preview_dates(current_actor(), edition.id, after, now),
        typed=typed_before(request.form),
    )


@blueprint.get("/tickets")
def list_tickets() -> str:
    """List what people can register as."""
    edition = current_edition()
    quotas = list_quotas(edition.id)
    return render_template(
        "organizer/settings/tickets.html",
        ticket_types=list_ticket_types(edition.id, utcnow()),
        quotas_of=_quotas_by_type(quotas),
        sale_states=SALE_STATES,
    )


@blueprint.route("/tickets/new", methods=["GET", "POST"])
def add_ticket() -> Page:
    """Offer a ticket type."""
    edition = current_edition()
    form = TicketTypeForm.blank(edition)
    form.offer(list_quotas(edition.id))
    if form.validate_on_submit():
        try:
            offer_ticket_type(
                current_actor(),
                edition.id,
                (form.code.data or "").strip(),
                form.to_values(edition),
                form.quota_ids.data or [],
                utcnow(),
            )
        except (Conflict, Invalid) as error:
            _show_ticket_error(form, error, "code")
        else:
            flash(_("The ticket %(name)s is offered.", name=form.code.data), "success")
            return redirect(url_for("organizer_settings.list_tickets"))
    return _ticket_page(form, None)


@blueprint.route("/tickets/<code>/edit", methods=["GET", "POST"])
def edit_ticket(code: str) -> Page:
    """Change a ticket type."""
    edition = current_edition()
    row = get_ticket_type(edition.id, code, utcnow())
    quotas = list_quotas(edition.id)
    form = TicketTypeForm.of(row, edition, quotas)
    form.offer(quotas)
    del form.code  # programs know it: it stays
    if form.validate_on_submit():
        try:
            reoffer_ticket_type(
                current_actor(), edition.id, row, form.to_values(edition, row), form.quota_ids.data or [], utcnow()
            )
        except (Conflict, Invalid) as error:
            _show_ticket_error(form, error, "price")
        else:
            flash(_("Saved the ticket %(name)s.", name=localized(row.name)), "success")
            return redirect(url_for("organizer_settings.list_tickets"))
    return _ticket_page(form, row.code)


@blueprint.get("/quotas")
def list_all_quotas() -> str:
    """List quotas with how full they are."""
    edition = current_edition()
    names = {each.code: localized(each.name) for each in list_ticket_types(edition.id, utcnow())}
    return render_template("organizer/settings/quotas.html", quotas=list_quotas(edition.id), names=names)


@blueprint.route("/quotas/new", methods=["GET", "POST"])
def add_quota() -> Page:
    """Make a quota."""
    edition = current_edition()
    form = QuotaForm()
    form.ticket_types.choices = _ticket_choices()
    if form.validate_on_submit():
        try:
            create_quota(
                current_actor(),
                edition.id,
                form.name.data or "",
                form.size.data,
                form.ticket_types.data or [],
                utcnow(),
            )
        except (Conflict, Invalid) as error:
            show_at_field(form, error, "size" if error.code == "quota_below_taken" else "name")
        else:
            flash(_("The quota %(name)s counts from now on.", name=form.name.data), "success")
            return redirect(url_for("organizer_settings.list_all_quotas"))
    return _shown(form, "organizer/settings/quota.html", quota=None)


@blueprint.route("/quotas/<int:quota_id>/edit", methods=["GET", "POST"])
def edit_quota(quota_id: int) -> Page:
    """Change the size of a quota, or what takes from it."""
    edition = current_edition()
    quota = next((each for each in list_quotas(edition.id) if each.id == quota_id), None)
    if quota is None:
        raise Missing("quota_missing")
    form = QuotaForm(data={"name": quota.name, "size": quota.size, "ticket_types": list(quota.ticket_type_codes)})
    form.ticket_types.choices = _ticket_choices()
    del form.name  # a name is given once
    if form.validate_on_submit():
        try:
            change_quota(current_actor(), edition.id, quota.id, form.size.data, form.ticket_types.data or [], utcnow())
        except (Conflict, Invalid) as error:
            show_at_field(form, error, "size")
        else:
            flash(_("Saved the quota %(name)s.", name=quota.name), "success")
            return redirect(url_for("organizer_settings.list_all_quotas"))
    return _shown(form, "organizer/settings/quota.html", quota=quota)


@blueprint.route("/people", methods=["GET", "POST"])
def people_and_roles() -> Page:
    """List who has which role, and give one."""
    edition, actor = current_edition(), current_actor()
    require(actor, Permission.ROLES_MANAGE, edition.id)
    require_confirmed(actor)
    form = RoleForm()
    if form.validate_on_submit():
        try:
            is_new = invite_to_team(
                actor, edition.id, form.email.data or "", Role(form.role.data), current_language().code, utcnow()
            )
        except Invalid as error:
            show_at_field(form, error, "email")
        else:
            role = ROLES[Role(form.role.data)]
            flash(_invited(form.email.data or "", str(role), is_new=is_new), "success")
            return redirect(url_for("organizer_settings.people_and_roles"))
    return _shown(
        form,
        "organizer/settings/roles.html",
        holders=list_role_holders(edition.id),
        own_id=actor.id,
        roles=ROLES,
        role_texts=ROLE_TEXTS,
    )


@blueprint.route("/people/<int:person_id>/withdraw/<role>", methods=["GET", "POST"])
def withdraw(person_id: int, role: str) -> Response | tuple[str, int]:
    """Ask, and then take a role from a person."""
    edition, actor = current_edition(), current_actor()
    require(actor, Permission.ROLES_MANAGE, edition.id)
    require_confirmed(actor)
    holder = next((each for each in list_role_holders(edition.id) if each.person_id == person_id), None)
    if holder is None or role not in {each.value for each in holder.roles}:
        raise Missing("person_missing")
    words = ROLES[Role(role)]
    back = url_for("organizer_settings.people_and_roles")
    text = (
        _("You lose it yourself: you may not come back to this page.")
        if person_id == current_person_id()
        else _("They lose what it lets them do at once.")
    )
    question = Question(
        _("Take the role %(role)s from %(email)s?", role=words, email=holder.email),
        text,
        _("Take it"),
        back,
        is_grave=True,
    )
    if not AnswerForm().validate_on_submit():
        return show_question(question)
    try:
        withdraw_role(actor, edition.id, person_id, Role(role), utcnow())
    except Conflict as error:
        return show_question(question, error)
    flash(_("%(email)s has the role %(role)s no more.", email=holder.email, role=words), "success")
    return redirect(back)


@blueprint.route("/tokens", methods=["GET", "POST"])
def api_tokens() -> Page:
    """List API tokens, and make one: its secret is shown in this answer alone."""
    edition, actor = current_edition(), current_actor()
    require(actor, Permission.TOKENS_MANAGE, edition.id)
    require_confirmed(actor)
    form = ApiTokenForm()
    secret = None
    if form.validate_on_submit():
        try:
            secret = create_api_token(
                actor,
                edition.id,
                form.name.data or "",
                [Permission(each) for each in form.permissions.data or []],
                utcnow(),
            )
        except Invalid as error:
            show_at_field(form, error, "permissions")
    page = render_template(
        "organizer/settings/tokens.html",
        form=form,
        secret=secret,
        tokens=list_api_tokens(edition.id),
        permissions={each.value: words for each, words in PERMISSIONS.items()},
    )
    return page, 422 if form.errors else 200


@blueprint.route("/tokens/<int:token_id>/revoke", methods=["GET", "POST"])
def revoke_token(token_id: int) -> Response | tuple[str, int]:
    """Ask, and then end an API token."""
    require_confirmed(current_actor())
    edition = current_edition()
    token = next((each for each in list_api_tokens(edition.id) if each.id == token_id), None)
    if token is None:
        raise Missing("api_token_missing")
    back = url_for("organizer_settings.api_tokens")
    question = Question(
        _("Revoke the token %(name)s?", name=token.name),
        _("Whatever uses it is locked out at once. This cannot be undone."),
        _("Revoke it"),
        back,
        is_grave=True,
    )
    return _asked(
        question,
        lambda: revoke_api_token(current_actor(), edition.id, token_id, utcnow()),
        _("The token %(name)s works no more.", name=token.name),
    )


@blueprint.get("/keys")
def signing_keys() -> str:
    """List the keys that sign badges."""
    return render_template("organizer/settings/keys.html", keys=list_signing_keys(current_edition().id))


@blueprint.route("/keys/rotate", methods=["GET", "POST"])
def rotate_key() -> Response | tuple[str, int]:
    """Ask, and then sign with a new key from now on."""
    require_confirmed(current_actor())
    edition = current_edition()
    question = Question(
        _("Sign new badges with a new key?"),
        _("Badges issued so far stay valid. Scanners that work offline fetch the new key when they are online next."),
        _("Make a new key"),
        url_for("organizer_settings.signing_keys"),
    )
    return _asked(
        question,
        lambda: create_signing_key(current_actor(), edition.id, utcnow()),
        _("Badges are signed with a new key from now on."),
    )


@blueprint.route("/keys/<int:key_id>/distrust", methods=["GET", "POST"])
def distrust_key(key_id: int) -> Response | tuple[str, int]:
    """Ask, and then trust no badge that a key signed."""
    require_confirmed(current_actor())
    edition = current_edition()
    if key_id not in {each.key_id for each in list_signing_keys(edition.id)}:
        raise Missing("signing_key_missing")
    question = Question(
        _("Trust no badge signed with key %(number)s any more?", number=key_id),
        _("Every badge that it signed is refused at the doors and must be issued anew. Do this only after a leak."),
        _("Trust it no more"),
        url_for("organizer_settings.signing_keys"),
        is_grave=True,
    )
    return _asked(
        question,
        lambda: distrust_signing_key(current_actor(), edition.id, key_id, utcnow()),
        _("Badges signed with key %(number)s open no door any more.", number=key_id),
    )


@blueprint.get("/expos")
def editions_page() -> str:
    """List every expo; for those who look after all of them."""
    require(current_actor(), Permission.EDITION_MANAGE, None)
    return render_template("organizer/settings/editions.html", every=list_editions())


@blueprint.route("/expos/<int:edition_id>/make-current", methods=["GET", "POST"])
def make_edition_current(edition_id: int) -> Response | tuple[str, int]:
    """Ask, and then show another expo to visitors."""
    require(current_actor(), Permission.EDITION_MANAGE, None)
    chosen = get_edition(edition_id)
    question = Question(
        _("Show %(name)s to visitors?", name=localized(chosen.title)),
        _("Every public page, the registration and the programme show it at once instead of the expo shown so far."),
        _("Make it current"),
        url_for("organizer_settings.editions_page"),
    )
    return _asked(
        question,
        lambda: make_current(current_actor(), edition_id, utcnow()),
        _("Visitors see %(name)s now.", name=localized(chosen.title)),
    )


def _asked(question: Question, act: Any, done: str) -> Response | tuple[str, int]:
    """Ask; where it was answered, act, and say what was done."""
    if not AnswerForm().validate_on_submit():
        return show_question(question)
    try:
        act()
    except (Conflict, Invalid) as error:
        return show_question(question, error)
    flash(done, "success")
    return redirect(question.back_url)


def _shown(form: Any, template: str, **values: Any) -> tuple[str, int]:
    return render_template(template, form=form, **values), 422 if form.errors else 200


def _ticket_page(form: TicketTypeForm, code: str | None) -> tuple[str, int]:
    return _shown(form, "organizer/settings/ticket.html", code=code, languages=current_edition().languages)


def _show_ticket_error(form: TicketTypeForm, error: ExpoError, otherwise: str) -> None:
    if error.code == "quota_below_taken":
        otherwise = "quota_ids"
    show_at_field(form, error, otherwise)


def _ticket_choices() -> list[Any]:
    return as_choices((each.code, localized(each.name)) for each in list_ticket_types(current_edition().id, utcnow()))


def _quotas_by_type(quotas: list[QuotaRow]) -> dict[str, list[QuotaRow]]:
    found: dict[str, list[QuotaRow]] = {}
    for quota in quotas:
        for code in quota.ticket_type_codes:
            found.setdefault(code, []).append(quota)
    return found


def _invited(email: str, role: str, *, is_new: bool) -> str:
    if not is_new:
        return str(_("%(email)s already has the role %(role)s.", email=email, role=role))
    if not has_mail_server():
        return str(
            _(
                "%(email)s has the role %(role)s now. No mail server is set up: tell them yourself.",
                email=email,
                role=role,
            )
        )
    return str(_("%(email)s has the role %(role)s now. An invitation is on its way.", email=email, role=role))


def _contrasts(color: str | None) -> dict[str, Any] | None:
    """Return how well the accent colour can be read on light and dark ground; None where there is none."""
    if not color or not is_color(color):
        return None
    on_light, on_dark = contrast(parse_color(color), WHITE), contrast(parse_color(color), NIGHT)
    return {
        "on_light": round(on_light, 1),
        "on_dark": round(on_dark, 1),
        "light_is_enough": on_light >= ENOUGH,
        "dark_is_enough": on_dark >= ENOUGH,
    }
