"""Exhibitors: list, show, import and export companies."""

from dataclasses import asdict

from flask import Response, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l, lazy_pgettext
from werkzeug.wrappers import Response as AnyResponse

from expo.accounts.rules import Permission, require
from expo.exhibitors.queries import (
    CompanyRecord,
    RecordFilter,
    RecordOrder,
    count_by_state,
    count_records,
    find_application,
    get_record,
    list_members,
    list_namesakes,
    list_packages,
    list_record_choices,
    list_records,
)
from expo.formats.tables import Cell
from expo.imports.rules import ImportKind, ImportOptions
from expo.imports.services import create_run
from expo.infra.clock import utcnow
from expo.web.kit.access import current_actor, current_edition, current_viewer
from expo.web.kit.downloads import table_response
from expo.web.kit.exhibitor_labels import EXHIBITOR_STATES, EXHIBITOR_TONES, MEMBER_ROLES
from expo.web.kit.language import localized
from expo.web.kit.uploads import read_form_file
from expo.web.organizer.changes import list_history
from expo.web.organizer.exhibitors.forms import ApproveForm, FileForm, package_choices
from expo.web.organizer.sections import is_partial_request, section_blueprint

blueprint = section_blueprint("organizer_exhibitors", __name__, "/exhibitors", Permission.EXHIBITORS_READ)

PAGE_SIZE = 50
MAX_ROWS = 100_000
COLUMNS = (
    "name", "venue", "booths", "description", "website", "categories", "country", "status", "hidden", "package",
    "passes",
)  # fmt: skip
ORDERS = {RecordOrder.NAME: lazy_pgettext("object", "Name"), RecordOrder.NEWEST: _l("Newest first"), RecordOrder.COUNTRY: _l("Country")}


@blueprint.get("", strict_slashes=False)
def list_companies() -> str:
    """List companies matching the filters; htmx requests get only the list."""
    edition = current_edition()
    wanted = _read_filter()
    page = max(request.args.get("page", 1, type=int), 1)
    total = count_records(edition.id, wanted)
    categories, countries, halls = list_record_choices(edition.id)
    return render_template(
        "organizer/exhibitors/_list.html" if is_partial_request() else "organizer/exhibitors/list.html",
        wanted=wanted,
        query=_query_of(wanted),
        companies=list_records(edition.id, wanted, page=page, size=PAGE_SIZE),
        page=page,
        pages=-(-total // PAGE_SIZE),
        total=total,
        counts=count_by_state(edition.id),
        states=EXHIBITOR_STATES,
        tones=EXHIBITOR_TONES,
        orders=ORDERS,
        packages=list_packages(edition.id),
        categories=categories,
        countries=countries,
        halls=halls,
    )


@blueprint.get("/<slug>")
def show_company(slug: str) -> str:
    """Show one company with its team, what organizers note about it, and what can be done."""
    edition = current_edition()
    company = get_record(edition.id, slug)
    may_manage = current_viewer().can(Permission.EXHIBITORS_MANAGE)
    application = find_application(edition.id, slug) if may_manage else None
    form = ApproveForm(data={"package": application.package if application else ""})
    form.package.choices = package_choices(list_packages(edition.id))
    return render_template(
        "organizer/exhibitors/company.html",
        company=company,
        members=list_members(company.id) if may_manage else [],
        namesakes=list_namesakes(edition.id, company),
        application=application,
        form=form,
        states=EXHIBITOR_STATES,
        tones=EXHIBITOR_TONES,
        roles=MEMBER_ROLES,
        history=list_history("exhibitor", company.id, edition.id) if may_manage else [],
    )


@blueprint.get("/export.<any(csv, xlsx):kind>")
def export(kind: str) -> Response:
    """Return the companies that match the filters as a file."""
    edition = current_edition()
    companies = list_records(edition.id, _read_filter(), size=MAX_ROWS)
    rows = [row for each in companies for row in _rows(each)]
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


def _read_filter() -> RecordFilter:
    order = request.args.get("order", "")
    return RecordFilter(
        q=request.args.get("q", "").strip()[:100],
        state=request.args.get("state", ""),
        package=request.args.get("package", ""),
        hall=request.args.get("hall", ""),
        category=request.args.get("category", ""),
        country=request.args.get("country", ""),
        order=RecordOrder(order) if order in set(RecordOrder) else RecordOrder.NAME,
    )


def _query_of(wanted: RecordFilter) -> dict[str, str]:
    """Return the filters as the address names them, without those that do not restrict."""
    values = asdict(wanted) | {"order": "" if wanted.order is RecordOrder.NAME else wanted.order.value}
    return {name: value for name, value in values.items() if value}


def _rows(each: CompanyRecord) -> list[tuple[Cell, ...]]:
    """Return one row per hall in which a company has booths; its texts are in the first row only."""
    booths: dict[str, list[str]] = {}
    for booth in each.booths:
        booths.setdefault(localized(booth.hall_name) if booth.hall_name else "", []).append(booth.code)
    by_hall = list(booths.items()) or [("", [])]
    categories = "; ".join(localized(category.name) for category in each.categories)
    texts: tuple[Cell, ...] = (
        localized(each.description),
        each.website,
        categories,
        each.country,
        each.state.value,
        "yes" if each.is_hidden else "no",
        localized(each.package_name),
        each.passes,
    )
    return [
        (each.name, hall, "; ".join(codes), *(texts if at == 0 else ("",) * len(texts)))
        for at, (hall, codes) in enumerate(by_hall)
    ]
