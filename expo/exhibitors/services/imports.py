"""Acts on exhibitors: importing a list of companies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select

from expo.accounts.rules import Actor, Permission, require
from expo.editions.models import Hall
from expo.editions.services import note_content_change
from expo.errors import Conflict, Invalid
from expo.exhibitors.models import Booth, Category, Exhibitor, ExhibitorBooth, ExhibitorCategory
from expo.exhibitors.rules import COLUMNS, CompanyRequest, fold_name, join_companies, read_company
from expo.exhibitors.services.sales import settle_imported_booths
from expo.formats.errors import BadFile
from expo.formats.heads import columns_of, map_columns
from expo.formats.tables import Problem
from expo.formats.uploads import UploadedTable, read_uploaded_table
from expo.infra.audit import record_act
from expo.infra.db import atomic, db
from expo.pure.names import search_text
from expo.pure.slugs import make_slug


@dataclass(frozen=True)
class TableReading:
    """How a file was read, so that a person can choose otherwise: its encoding, and its sheet."""

    encoding: str = ""
    is_certain: bool = True
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    # Encodings that the file may be in, each with words of the file decoded with it.
    candidates: tuple[tuple[str, str], ...] = ()
    columns: tuple[str, ...] = ()

    @classmethod
    def of(cls, upload: UploadedTable) -> "TableReading":
        """Return how an uploaded table was read."""
        candidates = tuple((each.encoding, ", ".join(each.sample)) for each in upload.candidates)
        columns = tuple(upload.table.columns)
        return cls(upload.encoding, upload.is_certain, upload.sheet, upload.sheets, candidates, columns)


@dataclass(frozen=True)
class CompanyImport:
    """The content of a file: companies that can be imported, and rows that cannot, each with its reason."""

    companies: tuple[CompanyRequest, ...]
    problems: tuple[Problem, ...]
    how: TableReading = TableReading()


@dataclass(frozen=True)
class CompanyChange:
    """What an import changes or would change, by names."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: int


def read_companies(
    data: bytes, overrides: Mapping[str, str] | None = None, encoding: str = "", sheet: str = ""
) -> CompanyImport:
    """Parse a CSV, Excel or JSON file; `overrides` maps its columns to our fields.

    Rows of the same company are merged, with all their booths. Raises BadFile for a file that cannot be read at all or
    has no name column.
    """
    upload = read_uploaded_table(data, encoding, sheet, columns_of(COLUMNS))
    table = upload.table
    columns = map_columns(table, COLUMNS, overrides)
    if "name" not in columns:
        raise BadFile("table_column_missing", 1, field="name", columns=", ".join(table.columns))
    companies: dict[str, CompanyRequest] = {}
    problems: list[Problem] = []
    lines: dict[str, int] = {}
    for row in table.rows:
        try:
            company = read_company({field: row.cells.get(column, "") for field, column in columns.items()})
            key = fold_name(company.name)
            if key in companies:
                company = join_companies(companies[key], company, lines[key])
        except Invalid as error:
            params = {name: value for name, value in error.params.items() if name != "field"}
            column = columns.get(str(error.params.get("field")))
            problems.append(Problem(row.line, column, error.code, params, dict(row.cells)))
            continue
        companies[key] = company
        lines.setdefault(key, row.line)
    return CompanyImport(tuple(companies.values()), tuple(problems), TableReading.of(upload))


def preview_companies(actor: Actor, edition_id: int, wanted: CompanyImport) -> CompanyChange:
    """Return what importing these companies would change, without changing anything."""
    require(actor, Permission.EXHIBITORS_MANAGE, edition_id)
    return _compare(_companies_by_key(edition_id), wanted)


def import_companies(
    actor: Actor, edition_id: int, wanted: CompanyImport, now: datetime, *, take_good: bool = False
) -> CompanyChange:
    """Add and update companies; those that are not in the file stay unchanged.

    Raises Conflict `rows_refused` if some rows cannot be imported, unless `take_good` allows importing the others.
    """
    require(actor, Permission.EXHIBITORS_MANAGE, edition_id)
    if wanted.problems and not take_good:
        raise Conflict("rows_refused", count=len(wanted.problems))
    with atomic():
        known = _companies_by_key(edition_id)
        change = _compare(known, wanted)
        rows = _write_companies(edition_id, known, wanted.companies)
        _write_categories(edition_id, rows)
        _write_booths(edition_id, rows)
        settle_imported_booths(edition_id)
        note_content_change(edition_id, now)
        record_act(
            actor,
            "exhibitors.import",
            now,
            edition_id=edition_id,
            subject="edition",
            subject_id=edition_id,
            added=len(change.added),
            changed=len(change.changed),
        )
    return change


def _companies_by_key(edition_id: int) -> dict[str, Exhibitor]:
    rows = db.session.scalars(select(Exhibitor).where(Exhibitor.edition_id == edition_id))
    return {row.key: row for row in rows}


def _compare(known: Mapping[str, Exhibitor], wanted: CompanyImport) -> CompanyChange:
    added, changed, unchanged = [], [], 0
    for company in wanted.companies:
        row = known.get(fold_name(company.name))
        if row is None:
            added.append(company.name)
        elif row.source == _source_of(company):
            unchanged += 1
        else:
            changed.append(company.name)
    return CompanyChange(tuple(added), tuple(changed), unchanged)


def _source_of(company: CompanyRequest) -> dict[str, Any]:
    return {
        "name": company.name,
        "venue": company.venue,
        "booths": list(company.booths),
        "description": company.description,
        "website": company.website,
        "categories": list(company.categories),
        "country": company.country,
    } | ({"elsewhere": [[venue, list(booths)] for venue, booths in company.elsewhere]} if company.elsewhere else {})


def _write_companies(
    edition_id: int, known: Mapping[str, Exhibitor], companies: Sequence[CompanyRequest]
) -> list[tuple[Exhibitor, CompanyRequest]]:
    """Write new and changed companies, and return them."""
    taken = {row.slug for row in known.values()}
    written = []
    for company in companies:
        key = fold_name(company.name)
        row = known.get(key)
        if row is None:
            row = Exhibitor(edition_id=edition_id, key=key, slug=make_slug(company.name, taken), name=company.name)
            db.session.add(row)
        elif row.source == _source_of(company):
            continue
        row.name = company.name
        row.description = {"en": company.description} if company.description else {}
        row.website = company.website
        row.country = company.country
        row.search_text = search_text(
            company.name,
            " ".join(company.categories),
            " ".join(code for _, booths in company.stands for code in booths),
        )
        row.source = _source_of(company)
        written.append((row, company))
    db.session.flush()
    return written


def _write_categories(edition_id: int, rows: Sequence[tuple[Exhibitor, CompanyRequest]]) -> None:
    categories = list(db.session.scalars(select(Category).where(Category.edition_id == edition_id)))
    taken = {category.slug for category in categories}
    by_name = {fold_name(name): category for category in categories for name in category.name.values()}
    for _, company in rows:
        for name in company.categories:
            if fold_name(name) not in by_name:
                category = Category(edition_id=edition_id, slug=make_slug(name, taken), name={"en": name})
                db.session.add(category)
                by_name[fold_name(name)] = category
    db.session.flush()
    ids = [row.id for row, _ in rows]
    db.session.execute(delete(ExhibitorCategory).where(ExhibitorCategory.exhibitor_id.in_(ids)))
    links = [
        {"exhibitor_id": row.id, "category_id": by_name[fold_name(name)].id, "position": position}
        for row, company in rows
        for position, name in enumerate(company.categories)
    ]
    if links:
        db.session.execute(insert(ExhibitorCategory), links)


def _write_booths(edition_id: int, rows: Sequence[tuple[Exhibitor, CompanyRequest]]) -> None:
    halls = _ensure_halls(edition_id, [venue for _, company in rows for venue, _ in company.stands if venue])
    booths = {
        (booth.hall_id, booth.code): booth
        for booth in db.session.scalars(select(Booth).where(Booth.edition_id == edition_id))
    }
    for _, company in rows:
        for hall_id, code in _places_of(company, halls):
            if (hall_id, code) not in booths:
                booth = Booth(edition_id=edition_id, hall_id=hall_id, code=code)
                db.session.add(booth)
                booths[hall_id, code] = booth
    db.session.flush()
    ids = [row.id for row, _ in rows]
    db.session.execute(delete(ExhibitorBooth).where(ExhibitorBooth.exhibitor_id.in_(ids)))
    links = [
        {"exhibitor_id": row.id, "booth_id": booths[place].id, "position": position}
        for row, company in rows
        for position, place in enumerate(_places_of(company, halls))
    ]
    if links:
        db.session.execute(insert(ExhibitorBooth), links)


def _places_of(company: CompanyRequest, halls: Mapping[str, int]) -> list[tuple[int | None, str]]:
    """Return the distinct (hall, code) of a company's booths."""
    return list(dict.fromkeys((halls.get(venue), code) for venue, booths in company.stands for code in booths))


def _ensure_halls(edition_id: int, venues: Sequence[str]) -> dict[str, int]:
    """Return the hall of each venue, creating new ones."""
    halls = list(db.session.scalars(select(Hall).where(Hall.edition_id == edition_id)))
    by_name = {name: hall for hall in halls for name in hall.name.values()}
    taken = {hall.code for hall in halls}
    for venue in dict.fromkeys(venues):
        if venue not in by_name:
            hall = Hall(
                edition_id=edition_id,
                code=make_slug(venue, taken, longest=26),
                name={"en": venue},
                position=len(by_name),
            )
            db.session.add(hall)
            by_name[venue] = hall
    db.session.flush()
    return {name: hall.id for name, hall in by_name.items()}
