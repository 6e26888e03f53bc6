"""Exhibitors: list, show, import and export companies."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _, ngettext
from werkzeug.wrappers import Response as AnyResponse

from expo.accounts.rules import Permission, require
from expo.errors import Conflict, ExpoError
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
from expo.exhibitors.services import preview_companies
from expo.flows.exhibitor_import import import_exhibitors, read_exhibitor_file
from expo.formats.encodings import is_known_encoding
from expo.formats.tables import Cell
from expo.infra.clock import utcnow
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.downloads import table_response
from expo.web.kit.encodings import encoding_choices
from expo.web.kit.errors import message_of
from expo.web.kit.language import localized
from expo.web.kit.uploads import delete_upload, read_form_file, read_upload, store_upload
from expo.web.organizer.exhibitors.forms import ConfirmImportForm, FileForm
from expo.web.organizer.sections import is_partial_request, section_blueprint

blueprint = section_blueprint("organizer_exhibitors", __name__, "/exhibitors", Permission.EXHIBITORS_READ)

COLUMNS = ("name", "venue", "booths", "description", "website", "categories", "country")
SHOWN = 100
# Enough companies to show whether the encoding is right.
SAMPLE = 8


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
    """Accept a file upload, and store it until the preview is confirmed."""
    edition, actor = current_edition(), current_actor()
    require(actor, Permission.EXHIBITORS_MANAGE, edition.id)
    form = FileForm()
    if form.validate_on_submit():
        data = read_form_file(form.file.data)
        try:
            wanted = read_exhibitor_file(data)
        except ExpoError as error:
            form.file.errors = [message_of(error)]
        else:
            text = store_upload(edition.id, "exhibitors", data, form.file.data.filename or "")
            sheet = wanted.how.sheet or None
            return redirect(url_for("organizer_exhibitors.preview_import", upload=text, sheet=sheet))
    return render_template("organizer/exhibitors/import.html", form=form), 422 if form.errors else 200


@blueprint.route("/imports/<upload>", methods=["GET", "POST"])
def preview_import(upload: str) -> str | AnyResponse | tuple[str, int]:
    """Preview the changes in a file; import it once confirmed."""
    edition, actor = current_edition(), current_actor()
    require(actor, Permission.EXHIBITORS_MANAGE, edition.id)
    data, name = read_upload(edition.id, "exhibitors", upload)
    encoding, sheet = request.args.get("encoding", "")[:40], request.args.get("sheet", "")[:200]
    wanted = read_exhibitor_file(data, None, encoding if is_known_encoding(encoding) else "", sheet)
    form, error = ConfirmImportForm(), None
    # If the encoding was guessed, the user must confirm it or choose another before importing.
    if wanted.how.is_certain and form.validate_on_submit():
        try:
            change = import_exhibitors(actor, edition.id, wanted, utcnow(), take_good=bool(form.take_good.data))
        except Conflict as refused:
            error = message_of(refused)
        else:
            delete_upload(edition.id, "exhibitors", upload)
            added = ngettext("%(num)s company added", "%(num)s companies added", len(change.added))
            flash(
                _("Import finished: %(added)s, %(changed)s changed.", added=added, changed=len(change.changed)),
                "success",
            )
            return redirect(url_for("organizer_exhibitors.list_companies"))
    page = render_template(
        "organizer/exhibitors/preview.html",
        form=form,
        name=name,
        upload=upload,
        how=wanted.how,
        encodings=encoding_choices(wanted.how.encoding, wanted.how.candidates) if wanted.how.encoding else [],
        sample=wanted.companies[:SAMPLE],
        change=preview_companies(actor, edition.id, wanted),
        problems=[(each, message_of(_to_error(each.code, each.params))) for each in wanted.problems[:SHOWN]],
        problem_count=len(wanted.problems),
        shown=SHOWN,
        error=error,
    )
    return page, 409 if error else 200


def _to_error(code: str, params: object) -> ExpoError:
    return ExpoError(code, **dict(params))  # type: ignore[call-overload]


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
