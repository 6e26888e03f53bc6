"""One booth by plain forms: its number, place and price, and who gets it."""

from collections.abc import Callable

from flask import flash, jsonify, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from expo.accounts.rules import Permission, require
from expo.errors import ExpoError
from expo.exhibitors import services
from expo.exhibitors.errors import BoothMissing
from expo.exhibitors.queries import BoothRow, HallPlan, get_booth, get_plan, list_assignable, list_booths
from expo.exhibitors.services import BoothChange, change_booths, save_booth
from expo.infra.clock import utcnow
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.errors import message_of, status_of
from expo.web.kit.form_pages import render_form, show_at_field
from expo.web.kit.language import localized
from expo.web.kit.questions import Question, confirm_first
from expo.web.kit.text_fields import from_local
from expo.web.organizer.floor_plan.editor import describe_faults, list_faults, state_in_words
from expo.web.organizer.floor_plan.forms import BoothForm, CompanyForm, HoldForm
from expo.web.organizer.sections import section_blueprint

blueprint = section_blueprint("organizer_floor_plan_booths", __name__, "/floor-plan", Permission.EXHIBITORS_MANAGE)

Page = str | AnyResponse | tuple[str, int]


@blueprint.route("/<hall>/booths/new", methods=["GET", "POST"])
def add_booth(hall: str) -> Page:
    """Add a booth."""
    plan = get_plan(current_edition().id, hall)
    form = BoothForm.of(None)
    if form.validate_on_submit() and _save(plan, None, form):
        flash(_("Booth added."), "success")
        return redirect(url_for("organizer_floor_plan.show_plan", hall=hall))
    return render_form(form, "organizer/floor_plan/booth.html", plan=plan, booth=None)


@blueprint.route("/<hall>/booths/<int:booth_id>", methods=["GET", "POST"])
def edit_booth(hall: str, booth_id: int) -> Page:
    """Change a booth; forms below it sell, hold, share and free it."""
    edition = current_edition()
    plan, booth = _find(hall, booth_id)
    form = BoothForm.of(booth)
    if form.validate_on_submit() and _save(plan, booth, form):
        flash(_("Changes saved."), "success")
        return redirect(url_for("organizer_floor_plan_booths.edit_booth", hall=hall, booth_id=booth_id))
    companies = list_assignable(edition.id)
    sale, hold = CompanyForm(formdata=None), HoldForm(formdata=None, prefix="hold-")
    sale.offer(companies, _("Choose an exhibitor"))
    hold.offer(companies, _("Nobody in particular"))
    return render_form(
        form,
        "organizer/floor_plan/booth.html",
        plan=plan,
        booth=booth,
        sale=sale,
        hold=hold,
        state_in_words=state_in_words,
        currency_code=edition.currency,
    )


@blueprint.post("/<hall>/booths/<int:booth_id>/sell")
def sell(hall: str, booth_id: int) -> AnyResponse | tuple[AnyResponse, int]:
    """Sell a booth to the exhibitor chosen."""
    edition = current_edition()
    return _act(
        hall,
        booth_id,
        lambda: services.sell_booth(current_actor(), edition.id, booth_id, request.form.get("slug", ""), utcnow()),
        _("Booth sold."),
    )


@blueprint.post("/<hall>/booths/<int:booth_id>/hold")
def hold(hall: str, booth_id: int) -> AnyResponse | tuple[AnyResponse, int]:
    """Hold a booth, for the exhibitor chosen if there is one."""
    edition = current_edition()
    form = HoldForm(prefix="hold-")
    until = from_local(form.until.data, edition.zone)
    slug = form.slug.data or ""
    return _act(
        hall,
        booth_id,
        lambda: services.hold_booth(current_actor(), edition.id, booth_id, slug, until, utcnow()),
        _("Booth held."),
    )


@blueprint.post("/<hall>/booths/<int:booth_id>/share")
def share(hall: str, booth_id: int) -> AnyResponse | tuple[AnyResponse, int]:
    """Let another exhibitor use a sold booth too."""
    edition = current_edition()
    return _act(
        hall,
        booth_id,
        lambda: services.share_booth(current_actor(), edition.id, booth_id, request.form.get("slug", ""), utcnow()),
        _("Exhibitor added."),
    )


@blueprint.post("/<hall>/booths/<int:booth_id>/leave")
def leave(hall: str, booth_id: int) -> AnyResponse | tuple[AnyResponse, int]:
    """Remove an exhibitor that shares a booth."""
    edition = current_edition()
    return _act(
        hall,
        booth_id,
        lambda: services.leave_booth(current_actor(), edition.id, booth_id, request.form.get("slug", ""), utcnow()),
        _("Exhibitor removed."),
    )


@blueprint.route("/<hall>/booths/<int:booth_id>/free", methods=["GET", "POST"])
def free(hall: str, booth_id: int) -> Page:
    """Ask for confirmation, then free a booth."""
    edition = current_edition()
    plan, booth = _find(hall, booth_id)
    question = Question(
        title=_("Release booth %(booth)s?", booth=booth.code),
        text=_("All exhibitors are removed from it, and it can be sold again."),
        button=_("Release booth"),
        trail=_trail(plan, booth),
        is_destructive=True,
    )
    return confirm_first(
        question,
        lambda: services.free_booth(current_actor(), edition.id, booth_id, utcnow()),
        _("Booth released."),
    )


@blueprint.route("/<hall>/booths/<int:booth_id>/delete", methods=["GET", "POST"])
def delete(hall: str, booth_id: int) -> Page:
    """Ask for confirmation, then delete a booth that is free."""
    edition = current_edition()
    plan, booth = _find(hall, booth_id)
    question = Question(
        title=_("Delete booth %(booth)s?", booth=booth.code),
        text=_("It disappears from the plan and the map."),
        button=_("Delete booth"),
        trail=_trail(plan, None),
        is_destructive=True,
    )
    change = BoothChange(booth.code, None, booth.id, booth.version, is_deleted=True)
    return confirm_first(
        question,
        lambda: change_booths(current_actor(), edition.id, hall, [change], utcnow()),
        _("Booth deleted."),
    )


def _find(hall: str, booth_id: int) -> tuple[HallPlan, BoothRow]:
    """Return a booth with the plan of its hall. Raises PlanMissing, and BoothMissing if it is in another hall."""
    edition_id = current_edition().id
    plan, booth = get_plan(edition_id, hall), get_booth(edition_id, booth_id, utcnow())
    if booth.hall_id != plan.hall_id:
        raise BoothMissing
    return plan, booth


def _save(plan: HallPlan, booth: BoothRow | None, form: BoothForm) -> bool:
    """Store what was entered, and return whether that was possible; errors are shown in the form."""
    edition, actor, now = current_edition(), current_actor(), utcnow()
    require(actor, Permission.EXHIBITORS_MANAGE, edition.id)
    try:
        change = BoothChange(form.code.data or "", form.to_place(), booth.id if booth else None, form.seen_version())
        save_booth(actor, edition.id, plan.code, change, form.price_in_cents(), now)
    except ExpoError as error:
        show_at_field(form, error, "outline" if error.code == "polygon_invalid" else "code")
        return False
    _warn_of_faults(plan, change.code)
    return True


def _warn_of_faults(plan: HallPlan, code: str) -> None:
    """Say which booths the one just saved overlaps, and whether it is within the hall."""
    overlaps, outside = list_faults(plan, list_booths(current_edition().id, plan.hall_id, utcnow()))
    own = [pair for pair in overlaps if code in pair]
    for text in describe_faults(own, [each for each in outside if each == code]):
        flash(text, "warning")


def _act(hall: str, booth_id: int, act: Callable[[], None], done: str) -> AnyResponse | tuple[AnyResponse, int]:
    """Run an act of a form, or of the editor's script, which wants JSON."""
    require(current_actor(), Permission.EXHIBITORS_MANAGE, current_edition().id)
    is_script = request.headers.get("Accept") == "application/json"
    try:
        _find(hall, booth_id)
        act()
    except ExpoError as error:
        if is_script:
            return jsonify(error=message_of(error), code=error.code), status_of(error)
        if isinstance(error, BoothMissing):
            raise
        flash(message_of(error), "danger")
    else:
        if is_script:
            return jsonify(done=done), 200
        flash(done, "success")
    return redirect(url_for("organizer_floor_plan_booths.edit_booth", hall=hall, booth_id=booth_id))


def _trail(plan: HallPlan, booth: BoothRow | None) -> list[tuple[str, str]]:
    trail = [
        (_("Floor plan"), url_for("organizer_floor_plan.list_halls")),
        (localized(plan.name), url_for("organizer_floor_plan.show_plan", hall=plan.code)),
    ]
    if booth is not None:
        url = url_for("organizer_floor_plan_booths.edit_booth", hall=plan.code, booth_id=booth.id)
        trail.append((booth.code, url))
    return trail
