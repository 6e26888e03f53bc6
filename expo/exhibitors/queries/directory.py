"""The public directory: all listed companies in memory, to be searched, filtered and sorted at once.

Each process reads it once per content version; a thousand companies take a few milliseconds to search.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import select

from expo.editions.models import Hall
from expo.editions.queries import EditionFacts
from expo.exhibitors.models import Booth, Category, Exhibitor, ExhibitorBooth, ExhibitorCategory
from expo.exhibitors.queries.companies import CategoryName, DirectoryChoices, ExhibitorFilter, is_listed
from expo.infra.cache import get_recent
from expo.infra.db import db
from expo.pure.names import search_text
from expo.pure.readings import reading_key
from expo.pure.tolerant_search import TolerantIndex

# How long a process remembers a version that is still current.
DIRECTORY_SECONDS = 600.0
OTHER_LETTER = "#"


@dataclass(frozen=True)
class DirectoryEntry:
    """What the directory needs to know about a company to find and sort it."""

    id: int
    slug: str
    name: str
    country: str
    categories: frozenset[str]
    halls: frozenset[str]
    # The letter under which it is listed; Chinese names by their reading.
    letter: str


@dataclass(frozen=True)
class Found:
    """The companies found in order, and whether they only resemble what was typed."""

    entries: tuple[DirectoryEntry, ...]
    is_exact: bool = True

    @property
    def letters(self) -> dict[str, int]:
        """Return the position of the first company under each letter."""
        first: dict[str, int] = {}
        for position, entry in enumerate(self.entries):
            first.setdefault(entry.letter, position)
        return first


@dataclass(frozen=True)
class Directory:
    """The listed companies from A to Z, what they can be filtered by, and an index of their words."""

    entries: tuple[DirectoryEntry, ...]
    choices: DirectoryChoices
    index: TolerantIndex
    by_id: dict[int, DirectoryEntry] = field(default_factory=dict)

    def find(self, wanted: ExhibitorFilter) -> Found:
        """Return the companies that match the whole filter."""
        entries: Iterable[DirectoryEntry] = self.entries
        is_exact = True
        if wanted.q.strip():
            result = self.index.find(wanted.q)
            entries = [each for each in entries if each.id in result.numbers]
            is_exact = result.is_exact
        country = wanted.country.upper()
        return Found(
            tuple(
                each
                for each in entries
                if (not wanted.category or wanted.category in each.categories)
                and (not country or each.country == country)
                and (not wanted.hall or wanted.hall in each.halls)
            ),
            is_exact,
        )


def read_directory(edition: EditionFacts) -> Directory:
    """Return the directory of an edition as of its content version."""
    key = ("exhibitor directory", edition.id)
    stored: tuple[int, Directory] | None = get_recent().get(key)
    if stored is not None and stored[0] == edition.content_version:
        return stored[1]
    directory = _build(edition.id)
    get_recent().set(key, (edition.content_version, directory), DIRECTORY_SECONDS)
    return directory


def _build(edition_id: int) -> Directory:
    companies = db.session.execute(
        select(Exhibitor.id, Exhibitor.slug, Exhibitor.name, Exhibitor.country, Exhibitor.key, Exhibitor.search_text)
        .where(is_listed(edition_id))
        .order_by(Exhibitor.id)
    ).all()
    categories, names = _read_categories(edition_id)
    halls, codes, hall_names = _read_booths(edition_id)
    entries, texts = [], []
    for exhibitor_id, slug, name, country, key, text in companies:
        reading = reading_key(key)
        letter = reading[:1].upper()
        entry = DirectoryEntry(
            id=exhibitor_id,
            slug=slug,
            name=name,
            country=country,
            categories=frozenset(categories.get(exhibitor_id, ())),
            halls=frozenset(halls.get(exhibitor_id, ())),
            letter=letter if letter.isascii() and letter.isalpha() else OTHER_LETTER,
        )
        # Letters first, then everything that begins with a digit or a sign.
        entries.append(((entry.letter == OTHER_LETTER, reading, exhibitor_id), entry))
        words = [word for each in entry.categories for word in names[each].name.values()]
        texts.append((exhibitor_id, text + search_text(*words, *codes.get(exhibitor_id, ()))))
    entries.sort(key=lambda pair: pair[0])
    listed = tuple(entry for _, entry in entries)
    return Directory(listed, _choices(listed, names, hall_names), TolerantIndex(texts), {e.id: e for e in listed})


def _read_categories(edition_id: int) -> tuple[dict[int, list[str]], dict[str, CategoryName]]:
    found: dict[int, list[str]] = {}
    names: dict[str, CategoryName] = {}
    for exhibitor_id, slug, name in db.session.execute(
        select(ExhibitorCategory.exhibitor_id, Category.slug, Category.name)
        .join(Category, Category.id == ExhibitorCategory.category_id)
        .where(Category.edition_id == edition_id)
    ):
        found.setdefault(exhibitor_id, []).append(slug)
        names[slug] = CategoryName(slug, name)
    return found, names


def _read_booths(
    edition_id: int,
) -> tuple[dict[int, list[str]], dict[int, list[str]], list[tuple[str, dict[str, str]]]]:
    """Return the halls and booth numbers of each company, and the names of halls with booths in their order."""
    halls: dict[int, list[str]] = {}
    codes: dict[int, list[str]] = {}
    names: dict[str, dict[str, str]] = {}
    for exhibitor_id, code, hall, name in db.session.execute(
        select(ExhibitorBooth.exhibitor_id, Booth.code, Hall.code, Hall.name)
        .join(Booth, Booth.id == ExhibitorBooth.booth_id)
        .outerjoin(Hall, Hall.id == Booth.hall_id)
        .where(Booth.edition_id == edition_id)
        .order_by(Hall.position, Hall.id)
    ):
        codes.setdefault(exhibitor_id, []).append(code)
        if hall is not None:
            halls.setdefault(exhibitor_id, []).append(hall)
            names[hall] = name
    return halls, codes, list(names.items())


def _choices(
    entries: tuple[DirectoryEntry, ...], names: dict[str, CategoryName], halls: list[tuple[str, dict[str, str]]]
) -> DirectoryChoices:
    categories = Counter(slug for each in entries for slug in each.categories)
    countries = Counter(each.country for each in entries if each.country)
    used_halls = {hall for each in entries for hall in each.halls}
    return DirectoryChoices(
        categories=tuple(
            CategoryName(slug, names[slug].name, count)
            for slug, count in sorted(categories.items(), key=lambda pair: (-pair[1], pair[0]))
        ),
        countries=tuple(sorted(countries.items(), key=lambda pair: (-pair[1], pair[0]))),
        halls=tuple((code, name) for code, name in halls if code in used_halls),
    )
