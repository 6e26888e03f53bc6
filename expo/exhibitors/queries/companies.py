"""Reads of exhibitors."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import aliased

from expo.editions.models import Hall
from expo.exhibitors.errors import ExhibitorMissing
from expo.exhibitors.models import (
    Booth,
    Category,
    Exhibitor,
    ExhibitorBooth,
    ExhibitorCategory,
    ExhibitorPage,
    FormerSlug,
)
from expo.exhibitors.rules import ExhibitorState
from expo.infra.db import db
from expo.infra.files import StoredFile
from expo.pure.names import search_terms
from expo.pure.readings import reading_key

MAX_LIMIT = 200
PAGE_SIZE = 48


@dataclass(frozen=True)
class BoothName:
    """A booth and its hall."""

    code: str
    hall_name: dict[str, str] | None


@dataclass(frozen=True)
class CategoryName:
    """A category, with its number of companies if counted."""

    slug: str
    name: dict[str, str]
    count: int = 0


@dataclass(frozen=True)
class ExhibitorRow:
    """A company as listed."""

    id: int
    slug: str
    name: str
    country: str
    website: str
    description: dict[str, str]
    categories: tuple[CategoryName, ...] = ()
    booths: tuple[BoothName, ...] = ()
    # Part of the address of the logo.
    logo_key: str | None = None


@dataclass(frozen=True)
class ExhibitorFilter:
    """Which companies to list; empty values do not restrict."""

    q: str = ""
    category: str = ""
    country: str = ""
    hall: str = ""
    # Codes of topics; only the directory narrows by them.
    offers: str = ""
    seeks: str = ""


@dataclass(frozen=True)
class DirectoryChoices:
    """What the directory can be filtered by."""

    categories: tuple[CategoryName, ...]
    countries: tuple[tuple[str, int], ...]
    halls: tuple[tuple[str, dict[str, str]], ...]


def is_listed(edition_id: int) -> ColumnElement[bool]:
    """Return the condition for an edition's companies that visitors may see: approved and not hidden."""
    return and_(
        Exhibitor.edition_id == edition_id,
        Exhibitor.state == ExhibitorState.APPROVED.value,
        Exhibitor.is_hidden.is_(False),
    )


def list_exhibitors(
    edition_id: int, filters: ExhibitorFilter | None = None, *, page: int = 1, size: int = PAGE_SIZE
) -> list[ExhibitorRow]:
    """Return one page of the companies that match the whole filter, from A to Z; Chinese names by their reading."""
    first = (max(page, 1) - 1) * size
    return list_exhibitors_by_id(edition_id, list_exhibitor_ids(edition_id, filters)[first : first + size])


def list_exhibitor_ids(edition_id: int, filters: ExhibitorFilter | None = None) -> list[int]:
    """Return the ids of all companies that match the whole filter, from A to Z; Chinese names by their reading.

    Sorted here, because databases sort Chinese by code point.
    """
    query = _apply_filter(edition_id, filters or ExhibitorFilter()).with_only_columns(Exhibitor.id, Exhibitor.key)
    ordered = sorted((reading_key(key), exhibitor_id) for exhibitor_id, key in db.session.execute(query))
    return [exhibitor_id for _, exhibitor_id in ordered]


def list_all_exhibitors(edition_id: int) -> list[ExhibitorRow]:
    """Return all companies of an edition in the order in which they were added."""
    return _rows_of(_query().where(Exhibitor.edition_id == edition_id).order_by(Exhibitor.id))


def paginate_exhibitors(
    edition_id: int, filters: ExhibitorFilter, cursor: int | None = None, limit: int = MAX_LIMIT
) -> tuple[list[ExhibitorRow], int | None]:
    """Return the page of companies after `cursor`, ordered by id, and the next cursor (None at the end)."""
    limit = max(1, min(limit, MAX_LIMIT))
    query = _apply_filter(edition_id, filters).order_by(Exhibitor.id).limit(limit + 1)
    if cursor is not None:
        query = query.where(Exhibitor.id > cursor)
    rows = _rows_of(query)
    return rows[:limit], rows[limit - 1].id if len(rows) > limit else None


def count_exhibitors(edition_id: int, filters: ExhibitorFilter | None = None) -> int:
    """Return how many companies match."""
    query = _apply_filter(edition_id, filters or ExhibitorFilter())
    return db.session.scalar(select(func.count()).select_from(query.subquery())) or 0


def get_exhibitor(edition_id: int, slug: str) -> ExhibitorRow:
    """Return one company that visitors may see; for a merged one, that into which it was. Raises ExhibitorMissing."""
    of_slug = _query().where(is_listed(edition_id))
    rows = _rows_of(of_slug.where(Exhibitor.slug == slug))
    if not rows:
        successor = find_successors(edition_id, [slug]).get(slug)
        rows = _rows_of(of_slug.where(Exhibitor.slug == successor)) if successor else []
    if not rows:
        raise ExhibitorMissing
    return rows[0]


def find_successors(edition_id: int, slugs: Sequence[str]) -> dict[str, str]:
    """Return the present address of each merged company that visitors may see, by its former address.

    An address that another company has by now is not a former one.
    """
    other = aliased(Exhibitor)
    taken = select(other.id).where(other.edition_id == edition_id, other.slug == FormerSlug.slug).exists()
    query = (
        select(FormerSlug.slug.label("former"), Exhibitor.slug.label("present"))
        .join(Exhibitor, Exhibitor.id == FormerSlug.exhibitor_id)
        .where(FormerSlug.edition_id == edition_id, FormerSlug.slug.in_(slugs), is_listed(edition_id))
    )
    return {row.former: row.present for row in db.session.execute(query.where(~taken))}


def get_any_exhibitor(edition_id: int, slug: str) -> ExhibitorRow:
    """Return one company, whether visitors see it or not. Raises ExhibitorMissing."""
    rows = _rows_of(_query().where(Exhibitor.edition_id == edition_id, Exhibitor.slug == slug))
    if not rows:
        raise ExhibitorMissing
    return rows[0]


def list_exhibitors_by_id(edition_id: int, exhibitor_ids: Sequence[int]) -> list[ExhibitorRow]:
    """Return the companies with these ids that visitors may see, in the given order."""
    rows = _rows_of(_query().where(is_listed(edition_id), Exhibitor.id.in_(exhibitor_ids)))
    found = {row.id: row for row in rows}
    return [found[exhibitor_id] for exhibitor_id in exhibitor_ids if exhibitor_id in found]


def list_neighbours(edition_id: int, exhibitor: ExhibitorRow, limit: int = 6) -> list[ExhibitorRow]:
    """Return other companies that visitors may see and that share the most categories with this one."""
    slugs = [category.slug for category in exhibitor.categories]
    if not slugs:
        return []
    shared = func.count()
    ids = db.session.execute(
        select(ExhibitorCategory.exhibitor_id, shared)
        .join(Category, Category.id == ExhibitorCategory.category_id)
        .join(Exhibitor, Exhibitor.id == ExhibitorCategory.exhibitor_id)
        .where(
            is_listed(edition_id),
            Category.slug.in_(slugs),
            ExhibitorCategory.exhibitor_id != exhibitor.id,
        )
        .group_by(ExhibitorCategory.exhibitor_id)
        .order_by(shared.desc(), ExhibitorCategory.exhibitor_id)
        .limit(limit)
    )
    return list_exhibitors_by_id(edition_id, [exhibitor_id for exhibitor_id, _ in ids])


def list_choices(edition_id: int) -> DirectoryChoices:
    """Return the categories, countries and halls of an edition's companies, with their counts."""
    count = func.count()
    categories = db.session.execute(
        select(Category.slug, Category.name, count)
        .join(ExhibitorCategory, ExhibitorCategory.category_id == Category.id)
        .join(Exhibitor, Exhibitor.id == ExhibitorCategory.exhibitor_id)
        .where(is_listed(edition_id))
        .group_by(Category.id)
        .order_by(count.desc(), Category.slug)
    )
    countries = db.session.execute(
        select(Exhibitor.country, count)
        .where(is_listed(edition_id), Exhibitor.country != "")
        .group_by(Exhibitor.country)
        .order_by(count.desc(), Exhibitor.country)
    )
    halls = db.session.execute(
        select(Hall.code, Hall.name)
        .where(Hall.edition_id == edition_id, Hall.id.in_(select(Booth.hall_id).where(Booth.edition_id == edition_id)))
        .order_by(Hall.position, Hall.id)
    )
    return DirectoryChoices(
        categories=tuple(CategoryName(*row) for row in categories),
        countries=tuple((country, number) for country, number in countries),
        halls=tuple((code, name) for code, name in halls),
    )


def count_booths_by_hall(edition_id: int) -> dict[int, int]:
    """Return the number of booths in each hall of an edition, by hall id; halls without booths are left out."""
    rows = db.session.execute(
        select(Booth.hall_id, func.count())
        .where(Booth.edition_id == edition_id, Booth.hall_id.is_not(None))
        .group_by(Booth.hall_id)
    )
    return {hall_id: count for hall_id, count in rows if hall_id is not None}


def _query() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Exhibitor.id,
            Exhibitor.slug,
            Exhibitor.name,
            Exhibitor.country,
            Exhibitor.website,
            Exhibitor.description,
            StoredFile.key,
        )
        .outerjoin(ExhibitorPage, ExhibitorPage.exhibitor_id == Exhibitor.id)
        .outerjoin(StoredFile, StoredFile.id == ExhibitorPage.logo_id)
    )


def _apply_filter(edition_id: int, filters: ExhibitorFilter) -> Select[*tuple[Any, ...]]:
    query = _query().where(is_listed(edition_id))
    for term in search_terms(filters.q):
        query = query.where(Exhibitor.search_text.like(f"% {term}%"))
    if filters.q.strip() and not search_terms(filters.q):
        query = query.where(Exhibitor.id.is_(None))
    if filters.category:
        in_category = (
            select(ExhibitorCategory.exhibitor_id)
            .join(Category, Category.id == ExhibitorCategory.category_id)
            .where(Category.edition_id == edition_id, Category.slug == filters.category)
        )
        query = query.where(Exhibitor.id.in_(in_category))
    if filters.country:
        query = query.where(Exhibitor.country == filters.country.upper())
    if filters.hall:
        in_hall = (
            select(ExhibitorBooth.exhibitor_id)
            .join(Booth, Booth.id == ExhibitorBooth.booth_id)
            .join(Hall, Hall.id == Booth.hall_id)
            .where(Hall.edition_id == edition_id, Hall.code == filters.hall)
        )
        query = query.where(Exhibitor.id.in_(in_hall))
    return query


def _rows_of(query: Select[*tuple[Any, ...]]) -> list[ExhibitorRow]:
    rows = db.session.execute(query).all()
    ids = [row[0] for row in rows]
    categories = list_categories_of(ids)
    booths = list_booths_of(ids)
    return [
        ExhibitorRow(
            id=exhibitor_id,
            slug=slug,
            name=name,
            country=country,
            website=website,
            description=description,
            categories=tuple(categories.get(exhibitor_id, ())),
            booths=tuple(booths.get(exhibitor_id, ())),
            logo_key=logo_key,
        )
        for exhibitor_id, slug, name, country, website, description, logo_key in rows
    ]


def list_categories_of(exhibitor_ids: Sequence[int]) -> dict[int, list[CategoryName]]:
    """Return the categories of companies by their ids, in the order in which they were chosen."""
    found: dict[int, list[CategoryName]] = {}
    for exhibitor_id, slug, name in db.session.execute(
        select(ExhibitorCategory.exhibitor_id, Category.slug, Category.name)
        .join(Category, Category.id == ExhibitorCategory.category_id)
        .where(ExhibitorCategory.exhibitor_id.in_(exhibitor_ids))
        .order_by(ExhibitorCategory.exhibitor_id, ExhibitorCategory.position)
    ):
        found.setdefault(exhibitor_id, []).append(CategoryName(slug, name))
    return found


def list_booths_of(exhibitor_ids: Sequence[int]) -> dict[int, list[BoothName]]:
    """Return the booths of companies by their ids."""
    found: dict[int, list[BoothName]] = {}
    for exhibitor_id, code, hall_name in db.session.execute(
        select(ExhibitorBooth.exhibitor_id, Booth.code, Hall.name)
        .join(Booth, Booth.id == ExhibitorBooth.booth_id)
        .outerjoin(Hall, Hall.id == Booth.hall_id)
        .where(ExhibitorBooth.exhibitor_id.in_(exhibitor_ids))
        .order_by(ExhibitorBooth.exhibitor_id, ExhibitorBooth.position)
    ):
        found.setdefault(exhibitor_id, []).append(BoothName(code, hall_name))
    return found
