"""The methods that are compared on real evenings: two logistic models, their fusions, and the baselines.

Everything that could be chosen was chosen by leaving out one of the earlier evenings at a time:
`python -m bench.dating_methods` prints that choice. The later evenings are only measured.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bench.dating import INTERESTS, Evening, find_file, read_evenings
from bench.learning import Matrix, learn_logistic
from bench.rankings import Lists, Quality, measure_lists, measure_people, top
from expo.matchmaking.rules.scores import Fusion, fuse
from expo.matchmaking.rules.signals import REFUSED_SHARE

SHOWN = 3
CHOSEN = "the model"


@dataclass(frozen=True)
class Settings:
    """What is chosen on the earlier evenings."""

    # Yes and no, or ratings, of others that count like one person of the average.
    prior: float = 2.0
    ridge: float = 0.1
    uses_ratings: bool = False
    uses_taste: bool = False
    # Whether the wanted are choosier.
    uses_own: bool = False
    fusion: Fusion = Fusion.HARMONIC


SETTINGS = Settings(prior=4.0, ridge=0.1, uses_ratings=True, fusion=Fusion.GEOMETRIC)
CHOICES = tuple(
    Settings(prior, ridge, ratings, taste, own)
    for prior in (1.0, 2.0, 4.0)
    for ridge in (0.03, 0.1, 0.3)
    for ratings, taste, own in product((False, True), repeat=3)
)


@dataclass(frozen=True)
class _Learned:
    mean: Matrix
    deviation: Matrix
    bias: float
    weights: Matrix


def compare_evenings(path: Path) -> tuple[dict[str, Quality], dict[str, Matrix]]:
    """Return the quality of the model, of each fusion and of the baselines, and the figures of each person."""
    train, test = read_evenings(path)
    models = _learn_both(train, SETTINGS)
    lists: dict[str, list[tuple[Lists, Evening]]] = {}
    for number, evening in enumerate(test):
        for name, side, scores in _methods(models, evening, number):
            hidden = np.where(side.first, -np.inf, scores)
            lists.setdefault(name, []).append((top(hidden, SHOWN), side))
    people = {
        name: np.concatenate([measure_people(each, side.mutual, side.first) for each, side in parts])
        for name, parts in lists.items()
    }
    return {name: _quality(parts) for name, parts in lists.items()}, people


def compare_left_out(path: Path) -> dict[str, Matrix]:
    """Return the figures of each person on the earlier evenings, each left out once: settings were chosen on them."""
    train, _ = read_evenings(path)
    people: dict[str, list[Matrix]] = {}
    for number, left_out in enumerate(train):
        models = _learn_both([each for at, each in enumerate(train) if at != number], SETTINGS)
        for name, side, scores in _methods(models, left_out, number):
            hidden = np.where(side.first, -np.inf, scores)
            people.setdefault(name, []).append(measure_people(top(hidden, SHOWN), side.mutual, side.first))
    return {name: np.concatenate(parts) for name, parts in people.items()}


def choose_settings(path: Path) -> list[tuple[float, float, Settings]]:
    """Return for all settings the NDCG and the share accepted by both on left-out earlier evenings, best first."""
    train, _ = read_evenings(path)
    found = []
    for settings in CHOICES:
        figures: dict[Fusion, list[Matrix]] = {}
        for number, left_out in enumerate(train):
            models = _learn_both([each for at, each in enumerate(train) if at != number], settings)
            for side, own, other in _wishes(models, left_out, settings):
                for fusion in Fusion:
                    hidden = np.where(side.first, -np.inf, fuse(own, other, fusion))
                    person = measure_people(top(hidden, SHOWN), side.mutual, side.first)
                    figures.setdefault(fusion, []).append(person)
        for fusion, parts in figures.items():
            both, ndcg = np.nanmean(np.concatenate(parts), axis=0)
            found.append((float(ndcg), float(both), replace(settings, fusion=fusion)))
    return sorted(found, key=lambda each: -(each[0] + each[1]))


def _methods(
    models: tuple[_Learned, _Learned], evening: Evening, number: int
) -> Iterator[tuple[str, Evening, npt.NDArray[np.floating]]]:
    for at, (side, own, other) in enumerate(_wishes(models, evening, SETTINGS)):
        yield "random", side, np.random.default_rng((number, at)).random(own.shape)
        yield "popularity", side, np.broadcast_to(_received(side, 2.0), own.shape)
        yield "popularity by ratings", side, np.broadcast_to(_rated(side.likes, side.first, SETTINGS.prior), own.shape)
        yield "content", side, _alike(side)
        for fusion in Fusion:
            yield fusion.value, side, fuse(own, other, fusion)
        yield CHOSEN, side, fuse(own, other, SETTINGS.fusion)


def _wishes(
    models: tuple[_Learned, _Learned], evening: Evening, settings: Settings
) -> Iterator[tuple[Evening, npt.NDArray[np.float32], npt.NDArray[np.float32]]]:
    """Yield both sides with how likely they want the others, and the others them."""
    of_men, of_women = _predict(models[0], evening, settings), _predict(models[1], evening.turned, settings)
    yield evening, of_men, of_women.T
    yield evening.turned, of_women, of_men.T


def _quality(parts: list[tuple[Lists, Evening]]) -> Quality:
    """Return the mean over evenings and sides, each weighted by its people."""
    found = [measure_lists(lists, side.mutual, side.first) for lists, side in parts]
    people = [len(lists) for lists, _ in parts]
    names = Quality.__dataclass_fields__
    return Quality(
        **{name: float(np.average([getattr(each, name) for each in found], weights=people)) for name in names}
    )


def _learn_both(evenings: list[Evening], settings: Settings) -> tuple[_Learned, _Learned]:
    return _learn(evenings, settings), _learn([each.turned for each in evenings], settings)


def _learn(evenings: list[Evening], settings: Settings) -> _Learned:
    """Learn who says yes to whom from the later dates of evenings."""
    rows = np.concatenate([_features(each, settings)[~each.first] for each in evenings])
    labels = np.concatenate([each.wants[~each.first] for each in evenings])
    mean, deviation = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    bias, weights = learn_logistic((rows - mean) / deviation, labels, ridge=settings.ridge)
    return _Learned(mean, deviation, bias, weights)


def _predict(learned: _Learned, evening: Evening, settings: Settings) -> npt.NDArray[np.float32]:
    """Return how likely each of the rows says yes to each of the columns."""
    rows = (_features(evening, settings) - learned.mean) / learned.deviation
    return np.asarray(1 / (1 + np.exp(-(rows @ learned.weights + learned.bias))), np.float32)


def _features(evening: Evening, settings: Settings) -> Matrix:
    """Return the features of the rows about the columns, as (rows, columns, features)."""
    ours, theirs = _filled(evening.ours), _filled(evening.theirs)
    age = (ours[:, None] - theirs[None, :])[..., :1]
    columns = [_logit(_received(evening, settings.prior))[None, :]]
    rows = [_logit(_received(evening.turned, settings.prior, given=True))[:, None]]
    if settings.uses_own:
        rows.append(_logit(_received(evening.turned, settings.prior))[:, None])
    if settings.uses_ratings:
        columns.append(_rated(evening.likes, evening.first, settings.prior)[None, :])
        rows.append(_rated(evening.likes.T, evening.first.T, settings.prior)[:, None])
    pairs = [np.broadcast_to(each, evening.first.shape)[..., None] for each in (*columns, *rows)]
    if settings.uses_taste:
        pairs.append(_taste(evening)[..., None])
    return np.concatenate(
        [*pairs, evening.shared, np.abs(age), age, ours[:, None, 1:2] * evening.shared[..., :1]], axis=2
    )


def _filled(values: Matrix) -> Matrix:
    """Return what people say about themselves, with the evening's mean where they said nothing."""
    mean = np.nan_to_num(np.nanmean(values, axis=0))
    return np.where(np.isnan(values), mean, values)


def _logit(share: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.log(share / (1 - share))


def _received(evening: Evening, prior: float, *, given: bool = False) -> npt.NDArray[np.float64]:
    """Return the smoothed share of yes that each column got on the first dates, or with `given` gave."""
    said, first = evening.wanted_back if given else evening.wants, evening.first
    mean = said[first].mean()
    share: npt.NDArray[np.float64] = ((said & first).sum(axis=0) + prior * mean) / (first.sum(axis=0) + prior)
    return share


def _rated(likes: Matrix, first: npt.NDArray[np.bool_], prior: float) -> npt.NDArray[np.float64]:
    """Return the smoothed mean of what the rows said about how much they liked each column on the first dates."""
    known = first & ~np.isnan(likes)
    mean = likes[known].mean()
    total = np.where(known, likes, 0).sum(axis=0)
    rated: npt.NDArray[np.float64] = (total + prior * mean) / (known.sum(axis=0) + prior)
    return rated


def _taste(evening: Evening) -> Matrix:
    """Return how near each column is to those that a row said yes to before, less a share of those refused.

    The product's method (expo/matchmaking/rules/signals.py) on what people say about themselves.
    """
    own = _filled(evening.theirs)
    own = (own - own.mean(axis=0)) / (own.std(axis=0) + 1e-9)
    own /= np.linalg.norm(own, axis=1, keepdims=True) + 1e-9
    yes, no = evening.wants & evening.first, ~evening.wants & evening.first
    taste = yes @ own / np.maximum(1, yes.sum(axis=1, keepdims=True))
    taste = taste - REFUSED_SHARE * (no @ own) / np.maximum(1, no.sum(axis=1, keepdims=True))
    return np.asarray(taste @ own.T)


def _alike(evening: Evening) -> Matrix:
    """Return the cosine of the interests of both."""
    sides = [_filled(each)[:, 4 : 4 + len(INTERESTS)] - 5.5 for each in (evening.ours, evening.theirs)]
    ours, theirs = (each / np.linalg.norm(each, axis=1, keepdims=True) for each in sides)
    return np.asarray(ours @ theirs.T)


if __name__ == "__main__":
    file = find_file()
    if file is None:
        raise SystemExit("No speed-dating data (two-sided/speed-dating.csv).")
    for ndcg_, both_, settings_ in choose_settings(file)[:12]:
        print(f"NDCG {100 * ndcg_:.2f} %, accepted by both {100 * both_:.2f} %: {settings_}")
