"""Reads for importing a list of companies: what we have, in the form of a file."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import select

from expo.editions.models import Hall
from expo.exhibitors.models import Booth, Category, Exhibitor, ExhibitorBooth, ExhibitorCategory
from expo.exhibitors.rules import fold_name
from expo.exhibitors.rules.imports import CompanyValues, Vocabulary, values_at_last_import
from expo.infra.db import db


@dataclass(frozen=True)
class KnownCompanies:
    """The companies of an edition with what they have, and the marks by which rows of a file are recognized."""

    rows: tuple[Exhibitor, ...]
    said: Mapping[int, CompanyValues]
    words: Vocabulary
    by_slug: Mapping[str, Exhibitor]
    by_key: Mapping[str, Exhibitor]
    # By the name that the file had last: a company that was renamed here is still recognized.
    by_source: Mapping[str, Exhibitor]

    def find(self, slug: str, name: str) -> Exhibitor | None:
        """Return the company that a row is about: by its slug, else by its name, else by its former name."""
        key = fold_name(name)
        return self.by_slug.get(slug) or self.by_key.get(key) or self.by_source.get(key)

    def stored_values(self, row: Exhibitor, theirs: CompanyValues) -> CompanyValues:
        """Return what we have of a company; of its languages, the one in which the file agrees with us."""
        ours = self.said[row.id]
        is_ours = theirs.description is not None and theirs.description in row.description.values()
        return replace(ours, description=theirs.description) if is_ours else ours


def list_known_companies(edition_id: int) -> KnownCompanies:
    """Return all companies of an edition with what they have."""
    rows = tuple(db.session.scalars(select(Exhibitor).where(Exhibitor.edition_id == edition_id)))
    categories: dict[int, list[str]] = {}
    for exhibitor_id, name in db.session.execute(
        select(ExhibitorCategory.exhibitor_id, Category.name)
        .join(Category, Category.id == ExhibitorCategory.category_id)
        .where(Category.edition_id == edition_id)
        .order_by(ExhibitorCategory.exhibitor_id, ExhibitorCategory.position)
    ):
        categories.setdefault(exhibitor_id, []).append(next(iter(name.values()), ""))
    booths: dict[int, dict[str, list[str]]] = {}
    for exhibitor_id, code, hall in db.session.execute(
        select(ExhibitorBooth.exhibitor_id, Booth.code, Hall.name)
        .join(Booth, Booth.id == ExhibitorBooth.booth_id)
        .outerjoin(Hall, Hall.id == Booth.hall_id)
        .where(Booth.edition_id == edition_id)
        .order_by(ExhibitorBooth.exhibitor_id, ExhibitorBooth.position)
    ):
        venue = next(iter((hall or {}).values()), "")
        booths.setdefault(exhibitor_id, {}).setdefault(venue, []).append(code)
    said = {
        row.id: CompanyValues(
            row.name,
            [(venue, codes) for venue, codes in booths.get(row.id, {}).items()],
            categories.get(row.id, []),
            row.description.get(language_of(row), ""),
            row.website,
            row.country,
        )
        for row in rows
    }
    return KnownCompanies(
        rows,
        said,
        _read_vocabulary(edition_id),
        by_slug={row.slug: row for row in rows},
        by_key={row.key: row for row in rows},
        by_source={fold_name(row.source["name"]): row for row in rows if row.source.get("name")},
    )


def language_of(row: Exhibitor) -> str:
    """Return the language of a company's description in its file, which does not name it.

    It is the language of the text that the file had last, else English, else the only language.
    """
    base = values_at_last_import(row.source)
    if base and base.description:
        for code, text in row.description.items():
            if text == base.description:
                return code
    return next(iter(row.description)) if len(row.description) == 1 and "en" not in row.description else "en"


def _read_vocabulary(edition_id: int) -> Vocabulary:
    categories = db.session.execute(select(Category.id, Category.name).where(Category.edition_id == edition_id))
    halls = db.session.execute(select(Hall.id, Hall.name).where(Hall.edition_id == edition_id))
    return Vocabulary(
        {fold_name(text): category_id for category_id, name in categories for text in name.values()},
        {text: hall_id for hall_id, name in halls for text in name.values()},
    )
