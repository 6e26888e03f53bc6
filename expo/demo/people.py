"""Believable attendees: name, origin, job and interests."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from expo.demo.drawing import Weighted, read_data
from expo.demo.names import NameList, PersonName, name_list
from expo.demo.organizations import Organization, OrganizationPool, ascii_words

_GENDERS = Weighted(["m", "f"], [58, 42])
_INTEREST_COUNTS = Weighted([2, 3, 4, 5, 6, 7], [10, 22, 28, 20, 12, 8])
# Cumulative shares of interests: from the person's job, from a secondary area; the rest from anywhere.
_MAIN, _SECOND = 0.72, 0.92
_PRIVATE_MAIL_SHARE = 0.22
_PRIVATE_DOMAINS = ("mail.example.com", "post.example.net", "inbox.example.org", "letters.example")
_NUMBERED_SHARE = 0.55
_FALLBACK_TITLES = "en"


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A fictional attendee.

    `country` is ISO 3166-1 alpha-2, `language` BCP 47, `interests` are topic codes, strongest first; `latin_name` is
    set if `name` is not in Latin letters; `company` is empty for people who attend privately.
    """

    name: str
    latin_name: str | None
    email: str
    country: str
    language: str
    company: str
    job_title: str
    interests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Group:
    """People of one country who share a name list, a language and a style of company names."""

    country: str
    share: float
    names: NameList
    abroad: bool
    language: str
    titles: Mapping[str, Weighted[tuple[str, str]]]
    style: str
    places: tuple[str, ...]


class _Interests:
    """Topics drawn in clusters: people who like data governance like privacy."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        clusters: dict[str, Weighted[str]] = {
            name: Weighted(list(topics), topics.values()) for name, topics in data["clusters"].items()
        }
        self._anything = sorted({code for topics in data["clusters"].values() for code in topics})
        self._leanings = {
            role: Weighted([clusters[name] for name in weights], weights.values())
            for role, weights in data["roles"].items()
        }

    def draw(self, rng: Random, role: str) -> tuple[str, ...]:
        """Return two to seven different topic codes for somebody in this role."""
        main, second = self._leanings[role].draw(rng), self._leanings[role].draw(rng)
        wanted = _INTEREST_COUNTS.draw(rng)
        chosen: dict[str, None] = {}
        while len(chosen) < wanted:
            dice = rng.random()
            if dice < _MAIN:
                chosen[main.draw(rng)] = None
            elif dice < _SECOND:
                chosen[second.draw(rng)] = None
            else:
                chosen[rng.choice(self._anything)] = None
        return tuple(chosen)


def generate_people(count: int, seed: int) -> Iterator[DemoPerson]:
    """Yield `count` fictional people with unique e-mail addresses, reproducible from count and seed."""
    rng = Random(seed)
    groups = _read_groups()
    styles = read_data("organizations.json")
    interests_data = read_data("interests.json")
    interests = _Interests(interests_data)
    roles = {kind: Weighted(list(w), w.values()) for kind, w in interests_data["roles_by_organisation"].items()}
    pools: dict[tuple[str, str], OrganizationPool] = {}
    expected: dict[tuple[str, str], float] = {}
    for group in groups.values:
        key = (group.country, group.style)
        expected[key] = expected.get(key, 0.0) + group.share * count
    taken_domains: set[str] = set()
    taken_addresses: set[str] = set()
    for _ in range(count):
        group = groups.draw(rng)
        gender = _GENDERS.draw(rng)
        name = group.names.draw_abroad(rng, gender) if group.abroad else group.names.draw(rng, gender)
        key = (group.country, group.style)
        if key not in pools:
            pools[key] = OrganizationPool(styles[group.style], group.places, expected[key], taken_domains, rng)
        organization = pools[key].draw(rng)
        role = roles[organization.kind].draw(rng)
        title = group.titles[role].draw(rng)
        yield DemoPerson(
            name=name.name,
            latin_name=name.latin_name,
            email=_address(name, organization, taken_addresses, rng),
            country=group.country,
            language=group.language,
            company=organization.name,
            job_title=title[0] if gender == "m" else title[1],
            interests=interests.draw(rng, role),
        )


def _read_groups() -> Weighted[_Group]:
    """Return the groups of all countries, weighted by their number of attendees."""
    countries = read_data("countries.json")
    titles = {
        language: {role: _read_titles(rows) for role, rows in by_role.items()}
        for language, by_role in read_data("job_titles.json").items()
    }
    total = sum(country["weight"] for country in countries)
    groups = []
    for country in countries:
        shares = sum(part["share"] for part in country["people"])
        for part in country["people"]:
            language: str = part["language"]
            own_titles = (
                titles.get(language) or titles.get(language.split("-", maxsplit=1)[0]) or titles[_FALLBACK_TITLES]
            )
            groups.append(
                _Group(
                    country=country["code"],
                    share=country["weight"] / total * part["share"] / shares,
                    names=name_list(part["names"]),
                    abroad=part.get("spelling") == "latin",
                    language=language,
                    titles=own_titles,
                    style=part["style"],
                    places=tuple(country["places"]),
                )
            )
    return Weighted(groups, [group.share for group in groups])


def _read_titles(rows: list[str]) -> Weighted[tuple[str, str]]:
    """Return job titles as (masculine, feminine); most languages have one form for both."""
    pairs = []
    for row in rows:
        male, separator, female = row.partition("|")
        pairs.append((male, female if separator else male))
    return Weighted(pairs, [1.0] * len(pairs))


def _address(name: PersonName, organization: Organization, taken: set[str], rng: Random) -> str:
    """Return a unique address under a reserved domain, in one of the usual forms of a name."""
    words = ascii_words(name.latin_name or name.name)
    first, last = words[0], words[-1]
    dice = rng.random()
    if organization.mail_domain is None or dice < _PRIVATE_MAIL_SHARE:
        domain = rng.choice(_PRIVATE_DOMAINS)
        local = "".join(words)
        if rng.random() < _NUMBERED_SHARE:
            local += str(rng.randrange(60, 10000))
    else:
        domain = organization.mail_domain
        local = rng.choice(
            (f"{first}.{last}", f"{first}{last}", f"{first[0]}{last}", f"{last}.{first}", f"{first}.{last}")
        )
        if first == last and len(words) == 1:
            local = first
    address = f"{local}@{domain}"
    number = 2
    while address in taken:
        address = f"{local}{number}@{domain}"
        number += 1
    taken.add(address)
    return address
