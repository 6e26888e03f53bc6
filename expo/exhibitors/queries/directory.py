"""The public directory: all listed companies in memory, to be searched, filtered and sorted at once.

Each process reads it once per content version; a thousand companies take a few milliseconds to search.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy import select

from expo.editions.models import Hall
from expo.editions.queries import EditionFacts
from expo.exhibitors.models import Booth, Category, Exhibitor, ExhibitorBooth, ExhibitorCategory, ExhibitorTopic
from expo.exhibitors.queries.companies import CategoryName, DirectoryChoices, ExhibitorFilter, is_listed
from expo.exhibitors.queries.topics import list_topics
from expo.exhibitors.rules import TopicKind
from expo.infra.cache import get_recent
from expo.infra.db import db
from expo.pure.collation import collate
from expo.pure.languages import DEFAULT_LANGUAGE
from expo.pure.names import search_text
from expo.pure.tolerant_search import TolerantIndex
from expo.pure.topics import TopicList

# How long a process remembers a version that is still current.
DIRECTORY_SECONDS = 600.0


@dataclass(frozen=True)
class DirectoryEntry:
    """What the directory needs to know about a company to find it."""

    id: int
    slug: str
    name: str
    country: str
    categories: frozenset[str]
    halls: frozenset[str]
    # Codes of topics, each with the topic that it is a part of.
    offers: frozenset[str] = frozenset()
    seeks: frozenset[str] = frozenset()


@dataclass(frozen=True)
class DirectoryResult:
    """The companies found in order, whether they only resemble what was typed, and what would narrow them further.

    A count says how many companies remain with that choice and all other filters.
    """

    entries: tuple[DirectoryEntry, ...]
    is_exact: bool
    letter_of: Mapping[int, str]
    categories: Mapping[str, int]
    offers: Mapping[str, int]
    seeks: Mapping[str, int]

    @property
    def letters(self) -> dict[str, int]:
        """Return the position of the first company under each letter."""
        first: dict[str, int] = {}
        for position, entry in enumerate(self.entries):
            first.setdefault(self.letter_of[entry.id], position)
        return first


@dataclass(frozen=True)
class _Order:
    """The companies as a language sorts them, each with the letter under which it is listed."""

    entries: tuple[DirectoryEntry, ...]
    letter_of: Mapping[int, str]


@dataclass(frozen=True)
class Directory:
    """The listed companies, what they can be filtered by, and an index of their words."""

    entries: tuple[DirectoryEntry, ...]
    choices: DirectoryChoices
    index: TolerantIndex
    topics: TopicList
    by_id: dict[int, DirectoryEntry] = field(default_factory=dict)
    _orders: dict[str, _Order] = field(default_factory=dict)

    def find(self, filters: ExhibitorFilter, language: str = DEFAULT_LANGUAGE.code) -> DirectoryResult:
        """Return the companies that match the whole filter, from A to Z in a language."""
        order = self._sort(language)
        entries: Iterable[DirectoryEntry] = order.entries
        is_exact = True
        if filters.q.strip():
            result = self.index.find(filters.q)
            entries = [each for each in entries if each.id in result.numbers]
            is_exact = result.is_exact
        country = filters.country.upper()
        placed = [
            each
            for each in entries
            if (not country or each.country == country) and (not filters.hall or filters.hall in each.halls)
        ]
        return DirectoryResult(
            entries=tuple(_narrow(placed, filters)),
            is_exact=is_exact,
            letter_of=order.letter_of,
            categories=Counter(code for e in _narrow(placed, replace(filters, category="")) for code in e.categories),
            offers=Counter(code for each in _narrow(placed, replace(filters, offers="")) for code in each.offers),
            seeks=Counter(code for each in _narrow(placed, replace(filters, seeks="")) for code in each.seeks),
        )

    def _sort(self, language: str) -> _Order:
        order = self._orders.get(language)
        if order is None:
            collated = {each.id: collate(each.name, language) for each in self.entries}
            entries = sorted(self.entries, key=lambda each: (collated[each.id][1], each.id))
            order = _Order(tuple(entries), {number: letter for number, (letter, _key) in collated.items()})
            self._orders[language] = order
        return order


def _narrow(entries: list[DirectoryEntry], filters: ExhibitorFilter) -> list[DirectoryEntry]:
    """Return the companies with the wanted category and topics."""
    if not (filters.category or filters.offers or filters.seeks):
        return entries
    return [
        each
        for each in entries
        if (not filters.category or filters.category in each.categories)
        and (not filters.offers or filters.offers in each.offers)
        and (not filters.seeks or filters.seeks in each.seeks)
    ]


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
        select(Exhibitor.id, Exhibitor.slug, Exhibitor.name, Exhibitor.country, Exhibitor.search_text)
        .where(is_listed(edition_id))
        .order_by(Exhibitor.id)
    ).all()
    categories, names = _read_categories(edition_id)
    halls, codes, hall_names = _read_booths(edition_id)
    topics = list_topics(edition_id)
    wishes = _read_topics(edition_id, topics)
    words_of = {slug: search_text(*category.name.values()) for slug, category in names.items()}
    entries, texts = [], []
    for exhibitor_id, slug, name, country, text in companies:
        entry = DirectoryEntry(
            id=exhibitor_id,
            slug=slug,
            name=name,
            country=country,
            categories=frozenset(categories.get(exhibitor_id, ())),
            halls=frozenset(halls.get(exhibitor_id, ())),
            offers=frozenset(wishes.get((exhibitor_id, TopicKind.OFFERS.value), ())),
            seeks=frozenset(wishes.get((exhibitor_id, TopicKind.SEEKS.value), ())),
        )
        entries.append(entry)
        words = "".join(words_of[each] for each in entry.categories)
        texts.append((exhibitor_id, text + words + search_text(*codes.get(exhibitor_id, ()))))
    listed = tuple(entries)
    choices = _choices(listed, names, hall_names)
    return Directory(listed, choices, TolerantIndex(texts), topics, {each.id: each for each in listed})


def _read_topics(edition_id: int, topics: TopicList) -> dict[tuple[int, str], set[str]]:
    """Return the topics of each company and kind, each with the topic that it is a part of; unknown ones are left out.

    Topics that were found in the texts of a company count as offered.
    """
    found: dict[tuple[int, str], set[str]] = {}
    for exhibitor_id, kind, code in db.session.execute(
        select(ExhibitorTopic.exhibitor_id, ExhibitorTopic.kind, ExhibitorTopic.topic)
        .join(Exhibitor, Exhibitor.id == ExhibitorTopic.exhibitor_id)
        .where(is_listed(edition_id))
    ):
        topic = topics.by_code.get(code)
        if topic is not None:
            found.setdefault((exhibitor_id, kind), set()).update({code, topic.parent} - {""})
    return found


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
