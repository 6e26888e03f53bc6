"""Generates fairs with a known truth: who would want to meet whom; people state only a part of it.

The truth is of another form than the product's model: overlap of hidden interests by the best match of each, thresholds
of each person, attraction that grows with a booth's size, companies and people that accept more or fewer of those who
ask, chance; a part of the interests is never stated, and some that are stated are not meant.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from expo.matchmaking.rules.parties import ANSWERS, Party
from expo.pure.topics import TopicList, bundled_topics

Matrix = npt.NDArray[np.float64]
Truth = npt.NDArray[np.bool_]
INDUSTRIES = [f"industry-{number}" for number in range(16)]
REGIONS = [f"region-{number}" for number in range(10)]
LANGUAGES = ["zh", "en", "fr", "ar", "ru", "ja"]
LANGUAGE_SHARES = [0.5, 0.25, 0.06, 0.07, 0.06, 0.06]
STATED, MEANT, SILENT = 0.6, 0.9, 0.25
COMPANIES_THAT_SEEK = 0.4
# The share of all visitors that the average target would accept, and the share of what was wanted that was asked for.
ACCEPTED, ASKED = 0.2, 0.5


@dataclass(frozen=True)
class Fair:
    """Two sides with what they state, and the truth: which of the first want which of the second, and back.

    `history` has what happened before the recommendation: -1 refused, 1 wanted, 0 did not meet.
    """

    visitors: list[Party]
    targets: list[Party]
    wanted: Truth
    wanted_back: Truth
    history: npt.NDArray[np.int8]
    # How the first were answered when they asked the second for a meeting: 1 accepted, -1 refused, 0 did not ask.
    answers: npt.NDArray[np.int8]
    # How many people each target has time for, in parts of the average.
    capacity: npt.NDArray[np.float64]

    @property
    def mutual(self) -> Truth:
        """Who would agree to meet."""
        return self.wanted & self.wanted_back


@dataclass(frozen=True)
class _Hidden:
    """What a party means, as far as it is on the topic tree."""

    offers: list[str]
    seeks: list[str]
    party: Party


def generate_fair(seed: int, visitors: int, targets: int, *, are_companies: bool = True) -> Fair:
    """Return a fair; the same seed gives the same one."""
    rng = np.random.default_rng(seed)
    topics = bundled_topics()
    near = _nearness(topics)
    ours = [_party(rng, topics, number, is_company=False) for number in range(visitors)]
    theirs = [_party(rng, topics, number, is_company=are_companies) for number in range(targets)]
    attraction = rng.normal(0, 0.5, targets)
    preference = _wishes(ours, theirs, near) + attraction[None, :] + rng.normal(0, 0.5, (visitors, targets))
    back = _wishes(theirs, ours, near) + rng.normal(0, 0.5, (targets, visitors))
    if are_companies:
        back += 2.0 * _overlap([each.seeks for each in ours], [each.offers for each in theirs], near).T
    wanted = preference > np.quantile(preference, 0.88, axis=1, keepdims=True)
    accepted = _accepted_shares(seed, attraction)
    wanted_back = back > np.stack([np.quantile(row, [1 - share]) for row, share in zip(back, accepted, strict=True)])
    pull = np.exp(1.2 * attraction)
    met = np.zeros((visitors, targets), bool)
    for person in range(visitors):
        met[person, rng.choice(targets, rng.integers(0, 6), replace=False, p=pull / pull.sum())] = True
        likely = np.argsort(-preference[person])[: targets // 8]
        met[person, rng.choice(likely, rng.integers(0, 7), replace=False)] = True
    history = np.where(met, np.where(wanted, 1, -1), 0).astype(np.int8)
    return Fair(
        [each.party for each in ours],
        [each.party for each in theirs],
        wanted,
        wanted_back.T.copy(),
        history,
        _answers(seed, history, wanted_back.T),
        _capacities(seed, attraction) if are_companies else np.ones(targets),
    )


def _accepted_shares(seed: int, attraction: Matrix) -> Matrix:
    """Return the share of visitors that each target accepts; the sought-after are choosier."""
    rng = np.random.default_rng((seed, 2))
    return np.clip(ACCEPTED * np.exp(rng.normal(0, 0.5, len(attraction)) - 0.5 * attraction), 0.03, 0.6)


def _answers(seed: int, history: npt.NDArray[np.int8], accepted: Truth) -> npt.NDArray[np.int8]:
    """Return the answers to those who asked for a meeting with what they wanted before."""
    asked = (history == 1) & (np.random.default_rng((seed, 3)).random(history.shape) < ASKED)
    return np.where(asked, np.where(accepted, 1, -1), 0).astype(np.int8)


def _capacities(seed: int, attraction: Matrix) -> Matrix:
    """Return the time of companies in parts of the average: one to six representatives, more at attractive booths."""
    rng = np.random.default_rng((seed, 1))
    teams = np.clip(np.round(np.exp(0.7 + 0.6 * attraction + rng.normal(0, 0.4, len(attraction)))), 1, 6)
    return np.asarray(teams / teams.mean())


def _party(rng: np.random.Generator, topics: TopicList, number: int, *, is_company: bool) -> _Hidden:
    tops = [topic.code for topic in topics.topics if not topic.parent]
    shares = 1 / np.arange(1, len(tops) + 1)
    homes = rng.choice(len(tops), 2, replace=False, p=shares / shares.sum())
    under = {tops[home] for home in homes}
    near = [topic.code for topic in topics.topics if topic.code in under or topic.parent in under]
    everything = [topic.code for topic in topics.topics]

    def draw(fewest: int, most: int) -> list[str]:
        count = int(rng.integers(fewest, most + 1))
        return list(dict.fromkeys(str(rng.choice(near if rng.random() < 0.75 else everything)) for _ in range(count)))

    def state(meant: list[str]) -> dict[str, float]:
        stated = [code for code in meant if rng.random() < STATED]
        return {code if rng.random() < MEANT else str(rng.choice(everything)): 1.0 for code in stated}

    offers, seeks = (draw(3, 8), draw(1, 4)) if is_company else (draw(1, 4), draw(3, 8))
    is_silent = rng.random() < SILENT
    states_seeks = not is_company or rng.random() < COMPANIES_THAT_SEEK
    facets: dict[str, Any] = {
        "industries": frozenset(rng.choice(INDUSTRIES, rng.integers(1, 3), replace=False).tolist()),
        "regions": frozenset(rng.choice(REGIONS, rng.integers(1, 3), replace=False).tolist()),
        "languages": frozenset(rng.choice(LANGUAGES, rng.integers(1, 3), replace=False, p=LANGUAGE_SHARES).tolist()),
        "purposes": frozenset(rng.choice(sorted(ANSWERS), rng.integers(1, 3), replace=False).tolist()),
    }
    return _Hidden(
        offers,
        seeks,
        Party(
            number,
            {} if is_silent and not is_company else state(offers),
            state(seeks) if states_seeks else {},
            **facets,
        ),
    )


def _wishes(ours: list[_Hidden], theirs: list[_Hidden], near: dict[tuple[str, str], float]) -> Matrix:
    """Return how much each of us wants each of them, before chance."""
    total = 6.0 * _overlap([each.seeks for each in ours], [each.offers for each in theirs], near)
    for weight, name in ((0.35, "industries"), (0.3, "regions"), (0.8, "languages")):
        mine = [getattr(each.party, name) for each in ours]
        other = [getattr(each.party, name) for each in theirs]
        total += weight * np.array([[bool(one & two) for two in other] for one in mine], float)
    wants = [frozenset[str]().union(*(ANSWERS[each] for each in one.party.purposes)) for one in ours]
    total += 0.5 * np.array([[bool(one & two.party.purposes) for two in theirs] for one in wants], float)
    return total


def _overlap(seeks: list[list[str]], offers: list[list[str]], near: dict[tuple[str, str], float]) -> Matrix:
    """Return the mean over what is sought of the best that is offered for it."""
    found = np.zeros((len(seeks), len(offers)))
    codes = sorted({code for each in (*seeks, *offers) for code in each})
    place = {code: number for number, code in enumerate(codes)}
    table = np.zeros((len(codes), len(codes)))
    for (one, other), value in near.items():
        if one in place and other in place:
            table[place[one], place[other]] = value
    best = np.stack([table[:, [place[code] for code in offered]].max(axis=1) for offered in offers], axis=1)
    for row, sought in enumerate(seeks):
        found[row] = best[[place[code] for code in sought]].mean(axis=0)
    return found


def _nearness(topics: TopicList) -> dict[tuple[str, str], float]:
    """Return how well one topic serves for another: 1 itself, 0.5 parent or child, 0.25 the same parent."""
    families: dict[str, list[str]] = {}
    for topic in topics.topics:
        families.setdefault(topic.parent or topic.code, []).append(topic.code)
    near = {}
    for parent, family in families.items():
        for one in family:
            for other in family:
                near[one, other] = 1.0 if one == other else 0.5 if parent in (one, other) else 0.25
    return near
