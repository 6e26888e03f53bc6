"""Exhibitors: list, show, import and export companies."""

from collections.abc import Sequence

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from expo.accounts.rules import Permission, require
from expo.exhibitors.queries import (
    ApplicationRow,
    CompanyRecord,
    FormerParticipation,
    count_by_state,
    count_passes_used,
    find_application,
    find_former_participation,
    find_record_ids,
    get_licences,
    get_record,
    list_members,
    list_namesakes,
    list_packages,
    list_record_choices,
    list_records_by_id,
    rate_pages,
)
from expo.exhibitors.rules import Completeness, ExhibitorState
from expo.formats.tables import Cell
from expo.imports.rules import ImportKind, ImportOptions
from expo.imports.services import create_run
from expo.infra.clock import utcnow
from expo.web.kit.access import current_actor, current_edition, current_viewer
from expo.web.kit.downloads import table_response
from expo.web.kit.exhibitor_labels import EXHIBITOR_STATES, EXHIBITOR_TONES, MEMBER_ROLES
from expo.web.kit.language import localized
from expo.web.kit.list_pages import page_of_request
from expo.web.kit.uploads import read_form_file
from expo.web.organizer.changes import list_history
from expo.web.organizer.exhibitors.filters import COMPLETENESS, MISSING_PARTS, ORDERS, query_of, read_filter
from expo.web.organizer.exhibitors.forms import ApproveForm, FileForm, package_choices
from expo.web.organizer.sections import is_partial_request, section_blueprint

blueprint = section_blueprint("organizer_exhibitors", __name__, "/exhibitors", Permission.EXHIBITORS_READ)

COLUMNS = (
    "name", "venue", "booths", "description", "website", "categories", "country", "status", "hidden", "package",
    "passes", "page_percent", "missing",
)  # fmt: skip


@blueprint.get("", strict_slashes=False)
def list_companies() -> str:
    """List companies matching the filters; htmx requests get only the list."""
    edition = current_edition()
    wanted = read_filter()
    ids = find_record_ids(edition.id, wanted)
    page = page_of_request(len(ids), query_of(wanted))
    shown = page.cut(ids)
    categories, countries, halls = list_record_choices(edition.id)
    return render_template(
        "organizer/exhibitors/_list.html" if is_partial_request() else "organizer/exhibitors/list.html",
        wanted=wanted,
        companies=list_records_by_id(edition.id, shown),
        rated=rate_pages(edition.id, shown),
        is_all_selected=request.args.get("select") == "all",
        page=page,
        total=len(ids),
        counts=count_by_state(edition.id),
        states=EXHIBITOR_STATES,
        tones=EXHIBITOR_TONES,
        orders=ORDERS,
        packages=list_packages(edition.id),
        categories=categories,
        countries=countries,
        halls=halls,
        completeness=COMPLETENESS,
        missing_parts=MISSING_PARTS,
    )


@blueprint.get("/<slug>")
def show_company(slug: str) -> str:
    """Show one company with its team, what organizers note about it, and what can be done."""
    edition = current_edition()
    company = get_record(edition.id, slug)
    may_manage = current_viewer().can(Permission.EXHIBITORS_MANAGE)
    application = find_application(edition.id, slug) if may_manage else None
    is_out = may_manage and company.state is ExhibitorState.WITHDRAWN
    former = find_former_participation(edition.id, company.id, utcnow()) if is_out else None
    form = ApproveForm(data={"package": _package_to_offer(application, former)})
    form.package.choices = package_choices(list_packages(edition.id))
    return render_template(
        "organizer/exhibitors/company.html",
        company=company,
        members=list_members(company.id) if may_manage else [],
        passes_used=count_passes_used(company.id),
        licences=get_licences(company.id),
        namesakes=list_namesakes(edition.id, company),
        application=application,
        former=former,
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
    return export_companies(kind, list_records_by_id(edition.id, find_record_ids(edition.id, read_filter())))


def export_companies(kind: str, companies: Sequence[CompanyRecord]) -> Response:
    """Return companies as a CSV or XLSX file."""
    edition = current_edition()
    rated = rate_pages(edition.id)
    rows = [row for each in companies for row in _rows(each, rated[each.id])]
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


def _package_to_offer(application: ApplicationRow | None, former: FormerParticipation | None) -> str:
    """Return the package that a company had before its participation was cancelled, or the one that it asks for."""
    if former and former.package:
        return former.package.slug
    return application.package if application else ""


def _rows(each: CompanyRecord, page: Completeness) -> list[tuple[Cell, ...]]:
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
        page.percent,
        "; ".join(part.value for part in page.missing),
    )
    return [
        (each.name, hall, "; ".join(codes), *(texts if at == 0 else ("",) * len(texts)))
        for at, (hall, codes) in enumerate(by_hall)
    ]
