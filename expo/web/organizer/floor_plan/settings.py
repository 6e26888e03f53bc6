"""The plan of a hall by plain forms: its size and walls, its background, arranging booths, and adding a row."""

from io import BytesIO

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _, ngettext
from werkzeug.wrappers import Response as AnyResponse

from expo.accounts.rules import Permission, require
from expo.errors import Conflict, ExpoError, Invalid
from expo.exhibitors.queries import HallPlan, get_plan, list_plans
from expo.exhibitors.services import add_row, adopt_booths, arrange_booths, import_drawing, save_plan, set_background
from expo.formats.drawings import Drawing, read_drawing
from expo.infra.clock import utcnow
from expo.infra.confined import DEFAULT_LIMITS, run_confined
from expo.infra.photos import fit_picture
from expo.web.forms.row_fields import change_rows
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.form_pages import render_form, show_at_field
from expo.web.kit.formats import number
from expo.web.kit.language import sentence_sep
from expo.web.kit.uploads import read_form_file
from expo.web.organizer.floor_plan.forms import ArrangeForm, BackgroundForm, PlanForm, RowForm, kinds_in_words
from expo.web.organizer.sections import section_blueprint

blueprint = section_blueprint("organizer_floor_plan_settings", __name__, "/floor-plan", Permission.EXHIBITORS_MANAGE)

Page = str | AnyResponse | tuple[str, int]
SVG = "image/svg+xml"
# A picture behind a plan is reduced to this size.
BOX = (3000, 3000)
NAMED = 5


@blueprint.route("/<hall>/plan", methods=["GET", "POST"])
def edit_plan(hall: str) -> Page:
    """Set the size of a hall, its position on the site, and its walls, entrances and passages."""
    edition = current_edition()
    plan = get_plan(edition.id, hall)
    form = PlanForm.of(plan)
    if not change_rows(form) and form.validate_on_submit():
        try:
            save_plan(current_actor(), edition.id, hall, form.to_request(), form.seen_version(), utcnow())
        except (Conflict, Invalid) as error:
            show_at_field(form, error, "outline" if error.code == "polygon_invalid" else "width")
        else:
            return _saved(hall, _("Changes saved."))
    return render_form(
        form,
        "organizer/floor_plan/plan.html",
        plan=plan,
        kinds=kinds_in_words(),
        other_halls=[each for each in list_plans(edition.id) if each.code != hall],
    )


@blueprint.route("/<hall>/background", methods=["GET", "POST"])
def edit_background(hall: str) -> Page:
    """Upload a drawing or a picture of the hall; the named shapes of a drawing may become booths."""
    plan = get_plan(current_edition().id, hall)
    form = BackgroundForm()
    if form.validate_on_submit():
        try:
            text = _store_background(plan, form)
        except ExpoError as error:
            is_unknown = error.code == "photo_invalid"
            show_at_field(form, Invalid("plan_picture_invalid") if is_unknown else error, "file")
        else:
            return _saved(hall, text)
    return render_form(form, "organizer/floor_plan/background.html", plan=plan)


@blueprint.post("/<hall>/background/remove")
def remove_background(hall: str) -> AnyResponse:
    """Remove the picture under a plan."""
    set_background(current_actor(), current_edition().id, hall, None, "", utcnow())
    return _saved(hall, _("Background removed."))


@blueprint.post("/<hall>/arrange")
def arrange(hall: str) -> AnyResponse:
    """Place booths in rows by their numbers."""
    edition, form = current_edition(), ArrangeForm()
    everything = form.validate_on_submit() and form.everything.data
    count = arrange_booths(current_actor(), edition.id, hall, utcnow(), everything=bool(everything))
    text = ngettext("%(count)s booth placed.", "%(count)s booths placed.", count, count=number(count))
    return _saved(hall, text if count else _("All booths already have a place."))


@blueprint.post("/adopt")
def adopt() -> AnyResponse:
    """Give the imported booths without a hall to the hall chosen."""
    hall = request.form.get("hall", "")
    count = adopt_booths(current_actor(), current_edition().id, hall, utcnow())
    return _saved(hall, ngettext("%(count)s booth moved.", "%(count)s booths moved.", count, count=number(count)))


@blueprint.route("/<hall>/rows/new", methods=["GET", "POST"])
def add_booths(hall: str) -> Page:
    """Add a row of booths with consecutive numbers."""
    edition = current_edition()
    plan = get_plan(edition.id, hall)
    form = RowForm()
    if form.validate_on_submit():
        try:
            count = len(add_row(current_actor(), edition.id, hall, form.to_request(), utcnow()))
        except ExpoError as error:
            show_at_field(form, error, "prefix")
        else:
            return _saved(
                hall, ngettext("%(count)s booth added.", "%(count)s booths added.", count, count=number(count))
            )
    return render_form(form, "organizer/floor_plan/row.html", plan=plan)


def _store_background(plan: HallPlan, form: BackgroundForm) -> str:
    """Store the uploaded file under the plan, and return what was done in words."""
    edition, actor, now = current_edition(), current_actor(), utcnow()
    require(actor, Permission.EXHIBITORS_MANAGE, edition.id)
    data = read_form_file(form.file.data)
    if not _is_svg(data):
        set_background(actor, edition.id, plan.code, *fit_picture(data, BOX), now)
        return _("Background saved.")
    drawing: Drawing = run_confined(DEFAULT_LIMITS, read_drawing, data)
    text = _("Background saved.")
    if form.makes_booths.data:
        found = import_drawing(actor, edition.id, plan.code, drawing, form.width.data or plan.width or 50, now)
        text = ngettext("%(count)s booth placed.", "%(count)s booths placed.", found.placed, count=number(found.placed))
        if found.skipped:
            names = _(", ").join(found.skipped[:NAMED])
            text += sentence_sep() + _("Skipped because they are too small or repeated: %(names)s", names=names)
    set_background(actor, edition.id, plan.code, drawing.svg, SVG, now)
    return text


def _is_svg(data: bytes) -> bool:
    """Return whether a file looks like XML; pictures begin with other bytes."""
    return BytesIO(data).read(512).lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0").startswith(b"<")


def _saved(hall: str, text: str) -> AnyResponse:
    flash(text, "success")
    return redirect(url_for("organizer_floor_plan.show_plan", hall=hall))
