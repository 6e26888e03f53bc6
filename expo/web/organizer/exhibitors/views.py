"""Exhibitors: list, show, import and export companies."""

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from expo.accounts.rules import Permission, require
from expo.exhibitors.queries import (
    PAGE_SIZE,
    ExhibitorFilter,
    ExhibitorRow,
    count_exhibitors,
    get_exhibitor,
    list_all_exhibitors,
    list_choices,
    list_exhibitors,
)
from expo.formats.tables import Cell
from expo.imports.rules import ImportKind, ImportOptions
from expo.imports.services import create_run
from expo.infra.clock import utcnow
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.downloads import table_response
from expo.web.kit.language import localized
from expo.web.kit.uploads import read_form_file
from expo.web.organizer.exhibitors.forms import FileForm
from expo.web.organizer.sections import is_partial_request, section_blueprint

blueprint = section_blueprint("organizer_exhibitors", __name__, "/exhibitors", Permission.EXHIBITORS_READ)

COLUMNS = ("name", "venue", "booths", "description", "website", "categories", "country")


@blueprint.get("", strict_slashes=False)
def list_companies() -> str:
    """List companies matching the search; htmx requests get only the list."""
    edition = current_edition()
    wanted = ExhibitorFilter(
        q=request.args.get("q", "").strip()[:100],
        category=request.args.get("category", ""),
        country=request.args.get("country", ""),
    )
    page = max(request.args.get("page", 1, type=int), 1)
    total = count_exhibitors(edition.id, wanted)
    template = "organizer/exhibitors/_list.html" if is_partial_request() else "organizer/exhibitors/list.html"
    values = {"q": wanted.q, "category": wanted.category, "country": wanted.country}
    return render_template(
        template,
        wanted=wanted,
        query={name: value for name, value in values.items() if value},
        companies=list_exhibitors(edition.id, wanted, page=page),
        page=page,
        pages=-(-total // PAGE_SIZE),
        total=total,
        choices=list_choices(edition.id),
    )


@blueprint.get("/<slug>")
def show_company(slug: str) -> str:
    """Show one company."""
    return render_template("organizer/exhibitors/company.html", company=get_exhibitor(current_edition().id, slug))


@blueprint.get("/export.<any(csv, xlsx):kind>")
def export(kind: str) -> Response:
    """Return all companies of the edition as a file."""
    edition = current_edition()
    rows = [row for each in list_all_exhibitors(edition.id) for row in _rows(each)]
    return table_response(kind, f"exhibitors-{edition.slug}", COLUMNS, rows)


@blueprint.route("/imports/new", methods=["GET", "POST"])
def import_file() -> str | AnyResponse | tuple[str, int]:
    """Accept a list of companies and queue it for the worker; the page of the import run shows the preview."""
    edition, actor = current_edition(), current_actor()
    require(actor, Permission.EXHIBITORS_MANAGE, edition.id)
    form = FileForm()
    if form.validate_on_submit():
        run_id = create_run(
            actor,
            edition.id,
            kind=ImportKind.EXHIBITORS,
            file_name=form.file.data.filename or "",
            content=read_form_file(form.file.data),
            options=ImportOptions(),
            now=utcnow(),
        )
        return redirect(url_for("organizer_imports.show_run", run_id=run_id))
    return render_template("organizer/exhibitors/import.html", form=form), 422 if form.errors else 200


def _rows(each: ExhibitorRow) -> list[tuple[Cell, ...]]:
    """Return one row per hall in which a company has booths; its texts are in the first row only."""
    booths: dict[str, list[str]] = {}
    for booth in each.booths:
        booths.setdefault(localized(booth.hall_name) if booth.hall_name else "", []).append(booth.code)
    by_hall = list(booths.items()) or [("", [])]
    categories = "; ".join(localized(category.name) for category in each.categories)
    texts = (localized(each.description), each.website, categories, each.country)
    return [
        (each.name, hall, "; ".join(codes), *(texts if at == 0 else ("", "", "", "")))
        for at, (hall, codes) in enumerate(by_hall)
    ]
