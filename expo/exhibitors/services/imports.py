"""Acts on exhibitors: importing a list of companies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, insert, select

from expo.accounts.rules import Actor, Permission, require
from expo.editions.models import Edition, Hall
from expo.editions.services import increment_content_version
from expo.errors import Conflict
from expo.exhibitors.models import Booth, Category, Exhibitor, ExhibitorBooth, ExhibitorCategory
from expo.exhibitors.queries.imports import KnownCompanies, language_of, list_known_companies
from expo.exhibitors.rules import CompanyRequest, fold_name
from expo.exhibitors.rules.imports import (
    FIELDS,
    CompanyChange,
    CompanyDifference,
    CompanyImport,
    CompanyValues,
    FieldChange,
    compare_company,
    to_source,
    values_after_import,
    values_at_last_import,
    values_in_file,
)
from expo.exhibitors.services.sales import settle_imported_booths
from expo.infra.audit import record_act
from expo.infra.db import atomic, db, lock
from expo.pure.merges import Merge
from expo.pure.names import search_text
from expo.pure.slugs import make_slug


def preview_companies(actor: Actor, edition_id: int, wanted: CompanyImport) -> CompanyChange:
    """Return what importing these companies would change, field by field, without changing anything."""
    require(actor, Permission.EXHIBITORS_MANAGE, edition_id)
    return _describe(_match(list_known_companies(edition_id), wanted), frozenset())


def import_companies(
    actor: Actor,
    edition_id: int,
    wanted: CompanyImport,
    now: datetime,
    *,
    take_good: bool = False,
    take: frozenset[str] = frozenset(),
) -> CompanyChange:
    """Add and update companies; those that are not in the file stay unchanged, and so do fields edited here.

    `take` has the ids of the fields edited here for which the file's value is chosen. Raises Conflict `rows_refused`
    if some rows cannot be imported, unless `take_good` allows importing the others.
    """
    require(actor, Permission.EXHIBITORS_MANAGE, edition_id)
    if wanted.problems and not take_good:
        raise Conflict("rows_refused", count=len(wanted.problems))
    with atomic():
        lock(Edition, edition_id)  # names and slugs are chosen by one at a time
        known = list_known_companies(edition_id)
        matches = _match(known, wanted)
        change = _describe(matches, take)
        written = _write_companies(edition_id, known, matches, take)
        _write_categories(edition_id, [(row, said) for row, said, fields in written if "categories" in fields])
        _write_booths(edition_id, [(row, said) for row, said, fields in written if "booths" in fields])
        settle_imported_booths(edition_id)
        increment_content_version(edition_id, now)
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


@dataclass(frozen=True)
class _Match:
    """A row of the file, the company that it is about if we have it, and what happens to each field."""

    company: CompanyRequest
    theirs: CompanyValues
    row: Exhibitor | None = None
    ours: CompanyValues | None = None
    base: CompanyValues | None = None
    merges: Mapping[str, Merge] = field(default_factory=dict)

    def taken(self, take: frozenset[str]) -> frozenset[str]:
        """Return the fields that get the file's value."""
        if self.row is None:
            return frozenset(FIELDS)
        slug = self.row.slug
        return frozenset(
            name
            for name, merge in self.merges.items()
            if merge is Merge.TAKE or (merge in (Merge.KEEP, Merge.ASK) and _id_of(slug, name) in take)
        )

    def describe(self) -> CompanyDifference | None:
        """Return the fields that differ, in words; None if there are none."""
        if self.row is None or self.ours is None:
            return None
        fields = tuple(
            FieldChange(_id_of(self.row.slug, name), name, merge, self.ours.show(name), self.theirs.show(name))
            for name, merge in self.merges.items()
            if merge is not Merge.SAME
        )
        return CompanyDifference(self.row.slug, self.row.name, fields) if fields else None


def _id_of(slug: str, name: str) -> str:
    return f"{slug}:{name}"


def _match(known: KnownCompanies, wanted: CompanyImport) -> list[_Match]:
    """Match the rows of a file with our companies, each with at most one row."""
    matched: set[int] = set()
    matches = []
    for company in wanted.companies:
        theirs = values_in_file(company, wanted.fields)
        row = known.find(company.slug, company.name)
        if row is None or row.id in matched:
            matches.append(_Match(company, theirs))
            continue
        matched.add(row.id)
        ours, base = known.stored_values(row, theirs), values_at_last_import(row.source)
        matches.append(_Match(company, theirs, row, ours, base, compare_company(base, ours, theirs, known.words)))
    return matches


def _describe(matches: Sequence[_Match], take: frozenset[str]) -> CompanyChange:
    added = tuple(each.company.name for each in matches if each.row is None)
    changed = tuple(each.company.name for each in matches if each.row is not None and each.taken(take))
    return CompanyChange(
        added,
        changed,
        len(matches) - len(added) - len(changed),
        tuple(found for each in matches if (found := each.describe())),
    )


def _write_companies(
    edition_id: int, known: KnownCompanies, matches: Sequence[_Match], take: frozenset[str]
) -> list[tuple[Exhibitor, CompanyValues, frozenset[str]]]:
    """Write new companies and taken fields, and return them with what they say and the fields written."""
    slugs, keys = set(known.by_slug), set(known.by_key)
    written = []
    for match in matches:
        row, theirs = match.row, match.theirs
        fields = match.taken(take)
        if row is None:
            key = fold_name(theirs.name)
            if key in keys:
                continue
            keys.add(key)
            row = Exhibitor(
                edition_id=edition_id,
                key=key,
                slug=make_slug(match.company.slug or theirs.name, slugs),
                name=theirs.name,
                description={},
            )
            db.session.add(row)
        row.source = to_source(
            values_after_import(match.base, theirs, match.merges or dict.fromkeys(FIELDS, Merge.TAKE))
        )
        if fields:
            row.version = (row.version or 0) + 1
            said = _apply(row, match.ours, theirs, fields, keys)
            written.append((row, said, fields))
    db.session.flush()
    return written


def _apply(
    row: Exhibitor, ours: CompanyValues | None, theirs: CompanyValues, fields: frozenset[str], keys: set[str]
) -> CompanyValues:
    """Write the taken fields of a company, and return what it says with them."""
    if "name" in fields:
        key = fold_name(theirs.name)
        if row.key != key and key not in keys:
            keys.discard(row.key)
            keys.add(key)
            row.key = key
        row.name = theirs.name
    if "description" in fields:
        # Texts in other languages stay.
        others = {code: text for code, text in row.description.items() if code != language_of(row)}
        row.description = ({language_of(row): theirs.description} if theirs.description else {}) | others
    if "website" in fields:
        row.website = theirs.website or ""
    if "country" in fields:
        row.country = theirs.country or ""
    categories = theirs.categories if "categories" in fields or ours is None else ours.categories
    booths = theirs.booths if "booths" in fields or ours is None else ours.booths
    codes = " ".join(code for _, each in booths or () for code in each)
    row.search_text = search_text(row.name, " ".join(categories or ()), codes)
    return theirs


def _write_categories(edition_id: int, rows: Sequence[tuple[Exhibitor, CompanyValues]]) -> None:
    categories = list(db.session.scalars(select(Category).where(Category.edition_id == edition_id)))
    taken = {category.slug for category in categories}
    by_name = {fold_name(name): category for category in categories for name in category.name.values()}
    for _, said in rows:
        for name in said.categories or ():
            if fold_name(name) not in by_name:
                category = Category(edition_id=edition_id, slug=make_slug(name, taken), name={"en": name})
                db.session.add(category)
                by_name[fold_name(name)] = category
    db.session.flush()
    ids = [row.id for row, _ in rows]
    db.session.execute(delete(ExhibitorCategory).where(ExhibitorCategory.exhibitor_id.in_(ids)))
    links = [
        {"exhibitor_id": row.id, "category_id": by_name[fold_name(name)].id, "position": position}
        for row, said in rows
        for position, name in enumerate(_distinct_categories(said, by_name))
    ]
    if links:
        db.session.execute(insert(ExhibitorCategory), links)


def _write_booths(edition_id: int, rows: Sequence[tuple[Exhibitor, CompanyValues]]) -> None:
    halls = _ensure_halls(edition_id, [venue for _, said in rows for venue, _ in said.booths or () if venue])
    booths = {
        (booth.hall_id, booth.code): booth
        for booth in db.session.scalars(select(Booth).where(Booth.edition_id == edition_id))
    }
    for _, said in rows:
        for hall_id, code in _places_of(said, halls):
            if (hall_id, code) not in booths:
                booth = Booth(edition_id=edition_id, hall_id=hall_id, code=code)
                db.session.add(booth)
                booths[hall_id, code] = booth
    db.session.flush()
    ids = [row.id for row, _ in rows]
    db.session.execute(delete(ExhibitorBooth).where(ExhibitorBooth.exhibitor_id.in_(ids)))
    links = [
        {"exhibitor_id": row.id, "booth_id": booths[place].id, "position": position}
        for row, said in rows
        for position, place in enumerate(_places_of(said, halls))
    ]
    if links:
        db.session.execute(insert(ExhibitorBooth), links)


def _distinct_categories(said: CompanyValues, by_name: Mapping[str, Category]) -> list[str]:
    """Return the names of a company's categories, each category once."""
    names = {by_name[fold_name(name)].id: name for name in reversed(said.categories or ())}
    return list(reversed(names.values()))


def _places_of(said: CompanyValues, halls: Mapping[str, int]) -> list[tuple[int | None, str]]:
    """Return the distinct (hall, code) of a company's booths."""
    return list(dict.fromkeys((halls.get(venue), code) for venue, booths in said.booths or () for code in booths))


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
