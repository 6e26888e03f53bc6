"""Companies as organizers see them: in every state, with package, passes and notes."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Row, Select, func, select

from expo.editions.models import Hall
from expo.exhibitors.errors import ExhibitorMissing
from expo.exhibitors.models import Booth, Category, Exhibitor, ExhibitorBooth, ExhibitorCategory, Package
from expo.exhibitors.queries.companies import BoothName, CategoryName, list_booths_of, list_categories_of
from expo.exhibitors.queries.pages import rate_pages
from expo.exhibitors.rules import ExhibitorState, fold_name, matches_completeness
from expo.infra.db import db
from expo.pure.collation import collate
from expo.pure.names import search_terms

_Columns = Select[Exhibitor, str | None, dict[str, str] | None, int | None]


class RecordOrder(StrEnum):
    """How a list of companies is ordered."""

    NAME = "name"
    NEWEST = "newest"
    COUNTRY = "country"
    COMPLETENESS = "completeness"


@dataclass(frozen=True)
class RecordFilter:
    """Which companies to list; empty values do not restrict. `hidden` is a status of its own for organizers."""

    q: str = ""
    state: str = ""
    package: str = ""
    hall: str = ""
    category: str = ""
    country: str = ""
    # How complete the company page is; see `matches_completeness`. Lists of pages by cursor ignore it.
    completeness: str = ""
    order: RecordOrder = RecordOrder.NAME


@dataclass(frozen=True)
class CompanyRecord:
    """A company with everything that organizers enter."""

    id: int
    slug: str
    name: str
    country: str
    website: str
    description: dict[str, str]
    state: ExhibitorState
    is_hidden: bool
    package: str
    package_name: dict[str, str] | None
    package_passes: int
    extra_passes: int
    notes: str
    version: str
    categories: tuple[CategoryName, ...] = ()
    booths: tuple[BoothName, ...] = ()

    @property
    def passes(self) -> int:
        """How many passes the company may issue."""
        return self.package_passes + self.extra_passes


def get_record(edition_id: int, slug: str) -> CompanyRecord:
    """Return a company in any state. Raises ExhibitorMissing."""
    rows = _records_of(_query(edition_id).where(Exhibitor.slug == slug))
    if not rows:
        raise ExhibitorMissing
    return rows[0]


def list_records(edition_id: int, filters: RecordFilter, *, page: int = 1, size: int = 50) -> list[CompanyRecord]:
    """Return one page of the companies that match the whole filter; Chinese names are sorted by their reading."""
    first = (max(page, 1) - 1) * size
    return list_records_by_id(edition_id, find_record_ids(edition_id, filters)[first : first + size])


def find_record_ids(edition_id: int, filters: RecordFilter) -> list[int]:
    """Return the ids of all companies that match the whole filter, in its order."""
    rows = db.session.execute(
        _apply(filters, _query(edition_id)).with_only_columns(Exhibitor.id, Exhibitor.name, Exhibitor.country)
    ).all()
    needs_rating = filters.completeness or filters.order is RecordOrder.COMPLETENESS
    rated = rate_pages(edition_id) if needs_rating else {}
    if filters.completeness:
        rows = [each for each in rows if matches_completeness(rated[each.id], filters.completeness)]
    if filters.order is RecordOrder.NEWEST:
        return sorted((each.id for each in rows), reverse=True)
    ordered = sorted(rows, key=lambda each: (collate(each.name)[1], each.id))
    if filters.order is RecordOrder.COUNTRY:
        ordered.sort(key=lambda each: (not each.country, each.country))
    elif filters.order is RecordOrder.COMPLETENESS:
        ordered.sort(key=lambda each: rated[each.id].percent)
    return [each.id for each in ordered]


def list_record_slugs(exhibitor_ids: Sequence[int]) -> list[str]:
    """Return the ends of the addresses of companies, in the given order."""
    slugs = dict(db.session.execute(select(Exhibitor.id, Exhibitor.slug).where(Exhibitor.id.in_(exhibitor_ids))).all())
    return [slugs[each] for each in exhibitor_ids if each in slugs]


def list_records_by_slug(edition_id: int, slugs: Sequence[str]) -> list[CompanyRecord]:
    """Return an edition's companies with these ends of their addresses in any state, by name."""
    records = _records_of(_query(edition_id).where(Exhibitor.slug.in_(slugs)))
    return sorted(records, key=lambda each: (collate(each.name)[1], each.id))


def list_records_by_id(edition_id: int, exhibitor_ids: Sequence[int]) -> list[CompanyRecord]:
    """Return an edition's companies with these ids in any state, in the given order."""
    found = {each.id: each for each in _records_of(_query(edition_id).where(Exhibitor.id.in_(exhibitor_ids)))}
    return [found[each] for each in exhibitor_ids if each in found]


def paginate_records(
    edition_id: int, filters: RecordFilter, cursor: int | None, limit: int
) -> tuple[list[CompanyRecord], int | None]:
    """Return the page of companies after `cursor`, ordered by id, and the next cursor (None at the end)."""
    query = _apply(filters, _query(edition_id)).order_by(Exhibitor.id).limit(limit + 1)
    if cursor is not None:
        query = query.where(Exhibitor.id > cursor)
    rows = _records_of(query)
    return rows[:limit], rows[limit - 1].id if len(rows) > limit else None


def count_records(edition_id: int, filters: RecordFilter) -> int:
    """Return how many companies match."""
    matching = _apply(filters, _query(edition_id)).with_only_columns(Exhibitor.id).subquery()
    return db.session.scalar(select(func.count()).select_from(matching)) or 0


def count_by_state(edition_id: int) -> dict[ExhibitorState, int]:
    """Return how many companies are in each state."""
    rows = db.session.execute(
        select(Exhibitor.state, func.count()).where(Exhibitor.edition_id == edition_id).group_by(Exhibitor.state)
    )
    counts = {ExhibitorState(state): count for state, count in rows}
    return {state: counts.get(state, 0) for state in ExhibitorState}


def list_namesakes(edition_id: int, record: CompanyRecord) -> list[CompanyRecord]:
    """Return the other companies with the same name in another spelling."""
    key = fold_name(record.name)
    rows = db.session.execute(select(Exhibitor.id, Exhibitor.name).where(Exhibitor.edition_id == edition_id))
    ids = [each.id for each in rows if each.id != record.id and fold_name(each.name) == key]
    return list_records_by_id(edition_id, ids)


def list_record_choices(edition_id: int) -> tuple[list[CategoryName], list[str], list[tuple[str, dict[str, str]]]]:
    """Return what organizers can filter by: categories, countries and halls that companies in any state have."""
    categories = db.session.execute(
        select(Category.slug, Category.name, func.count())
        .join(ExhibitorCategory, ExhibitorCategory.category_id == Category.id)
        .where(Category.edition_id == edition_id)
        .group_by(Category.id)
        .order_by(func.count().desc(), Category.slug)
    )
    countries = db.session.scalars(
        select(Exhibitor.country)
        .where(Exhibitor.edition_id == edition_id, Exhibitor.country != "")
        .distinct()
        .order_by(Exhibitor.country)
    )
    used = select(Booth.hall_id).where(Booth.edition_id == edition_id)
    halls = db.session.execute(
        select(Hall.code, Hall.name)
        .where(Hall.edition_id == edition_id, Hall.id.in_(used))
        .order_by(Hall.position, Hall.id)
    )
    return (
        [CategoryName(slug, name, count) for slug, name, count in categories],
        list(countries),
        [(code, name) for code, name in halls],
    )


def _query(edition_id: int) -> _Columns:
    return (
        select(Exhibitor, Package.slug, Package.name, Package.passes)
        .outerjoin(Package, Package.id == Exhibitor.package_id)
        .where(Exhibitor.edition_id == edition_id)
    )


def _apply(filters: RecordFilter, query: _Columns) -> _Columns:
    terms = search_terms(filters.q)
    for term in terms:
        query = query.where(Exhibitor.search_text.like(f"% {term}%"))
    if filters.q.strip() and not terms:
        query = query.where(Exhibitor.id.is_(None))
    if filters.state == "hidden":
        query = query.where(Exhibitor.is_hidden.is_(True))
    elif filters.state:
        query = query.where(Exhibitor.state == filters.state)
    if filters.package == "none":
        query = query.where(Exhibitor.package_id.is_(None))
    elif filters.package:
        query = query.where(Package.slug == filters.package)
    if filters.country:
        query = query.where(Exhibitor.country == filters.country.upper())
    if filters.category:
        query = query.where(
            Exhibitor.id.in_(
                select(ExhibitorCategory.exhibitor_id)
                .join(Category, Category.id == ExhibitorCategory.category_id)
                .where(Category.slug == filters.category)
            )
        )
    if filters.hall:
        query = query.where(
            Exhibitor.id.in_(
                select(ExhibitorBooth.exhibitor_id)
                .join(Booth, Booth.id == ExhibitorBooth.booth_id)
                .join(Hall, Hall.id == Booth.hall_id)
                .where(Hall.code == filters.hall)
            )
        )
    return query


def _records_of(query: _Columns) -> list[CompanyRecord]:
    rows = db.session.execute(query).all()
    ids = [row[0].id for row in rows]
    categories, booths = list_categories_of(ids), list_booths_of(ids)
    return [_record(row, categories.get(row[0].id, []), booths.get(row[0].id, [])) for row in rows]


def _record(
    row: Row[Exhibitor, str | None, dict[str, str] | None, int | None],
    categories: Sequence[CategoryName],
    booths: Sequence[BoothName],
) -> CompanyRecord:
    company, package, package_name, passes = row
    return CompanyRecord(
        id=company.id,
        slug=company.slug,
        name=company.name,
        country=company.country,
        website=company.website,
        description=dict(company.description),
        state=ExhibitorState(company.state),
        is_hidden=company.is_hidden,
        package=package or "",
        package_name=package_name,
        package_passes=passes or 0,
        extra_passes=company.extra_passes,
        notes=company.notes,
        version=str(company.version),
        categories=tuple(categories),
        booths=tuple(booths),
    )
