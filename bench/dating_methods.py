"""The methods that are compared on real evenings: two logistic models, their fusions, and the baselines.

Everything that could be chosen was chosen by leaving out one of the earlier evenings at a time:
`python -m bench.dating_methods` prints that choice. The later evenings are only measured. The earlier ones are measured
as well, each with the settings that the others choose, so that no evening has a part in how it is ranked.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bench.dating import INTERESTS, Evening, find_file, read_evenings
from bench.learning import Matrix, learn_logistic
from bench.rankings import Lists, Quality, measure_lists, measure_people, top
from expo.matchmaking.rules.answers import split_answers
from expo.matchmaking.rules.exposure import balance, best, luck, worth
from expo.matchmaking.rules.ranking import FUSION
from expo.matchmaking.rules.scores import Fusion, fuse

SHOWN = 3
CHOSEN = "the model"


@dataclass(frozen=True)
class Settings:
    """What is chosen on the earlier evenings."""

    # Answers of the average that everybody is assumed to have got and given besides those that are known.
    ahead: float
    ridge: float
    # Whether answers are split into how wanted one side is and how readily the other accepts, as the product does, or
    # the share of yes of each is taken for itself.
    splits: bool
    uses_ratings: bool
    # Whether age, origin, interests and field of both count.
    uses_pairs: bool
    fusion: Fusion = FUSION


SETTINGS = Settings(ahead=2.0, ridge=0.03, splits=True, uses_ratings=False, uses_pairs=False)
CHOICES = tuple(
    Settings(ahead, ridge, splits, ratings, pairs)
    for ahead in (2.0, 4.0, 8.0)
    for ridge in (0.03, 0.1)
    for splits, ratings, pairs in product((False, True), repeat=3)
)


@dataclass(frozen=True)
class _Learned:
    mean: Matrix
    deviation: Matrix
    bias: float
    weights: Matrix


# The figures of the people of each evening, by method.
People = dict[str, list[Matrix]]


def compare_evenings(path: Path) -> tuple[dict[str, Quality], People]:
    """Return the quality of the model, of each fusion and of the baselines, and the figures of each person."""
    train, test = read_evenings(path)
    models = _learn_both(train, SETTINGS)
    lists: dict[str, list[tuple[Lists, Evening]]] = {}
    people: People = {}
    for number, evening in enumerate(test):
        for name, parts in _lists(models, evening, number, SETTINGS).items():
            lists.setdefault(name, []).extend(parts)
            people.setdefault(name, []).append(_figures(parts))
    return {name: _quality(parts) for name, parts in lists.items()}, people


def compare_left_out(path: Path) -> People:
    """Return the figures of each person on the earlier evenings, each with what all others choose and teach."""
    train, _ = read_evenings(path)
    choice = _Choice(train)
    people: People = {}
    for number, left_out in enumerate(train):
        settings = choice.best(number)
        models = _learn_both([each for at, each in enumerate(train) if at != number], settings)
        for name, parts in _lists(models, left_out, number, settings).items():
            people.setdefault(name, []).append(_figures(parts))
    return people


def choose_settings(path: Path) -> list[tuple[float, float, Settings]]:
    """Return for all settings the NDCG and the share accepted by both on left-out earlier evenings, best first."""
    return _Choice(read_evenings(path)[0]).ranking()


class _Choice:
    """The figures of all settings on each evening, learned from the others, or from the others but one."""

    def __init__(self, evenings: list[Evening]) -> None:
        self._evenings = evenings
        self._found = cache(self._measure)

    def best(self, left_out: int) -> Settings:
        """Return what is best with the product's fusion on all evenings but one, in which that one has no part."""
        return next(each for _, _, each in self.ranking(left_out) if each.fusion is FUSION)

    def ranking(self, left_out: int | None = None) -> list[tuple[float, float, Settings]]:
        """Return NDCG and the share accepted by both for all settings, best first; the sum of both decides."""
        figures: dict[Settings, list[Matrix]] = {}
        for number in range(len(self._evenings)):
            if number == left_out:
                continue
            missing = frozenset({number} if left_out is None else {number, left_out})
            for settings in CHOICES:
                for chosen, by_evening in self._found(settings, missing).items():
                    figures.setdefault(chosen, []).append(by_evening[number])
        found = []
        for settings, parts in figures.items():
            both, ndcg = np.nanmean(np.concatenate(parts), axis=0)
            found.append((float(ndcg), float(both), settings))
        return sorted(found, key=lambda each: -(each[0] + each[1]))

    def _measure(self, settings: Settings, missing: frozenset[int]) -> dict[Settings, dict[int, Matrix]]:
        """Return the figures on the evenings that are missing when the models are learned, for each fusion."""
        models = _learn_both([each for at, each in enumerate(self._evenings) if at not in missing], settings)
        found: dict[Settings, dict[int, Matrix]] = {}
        for number in missing:
            wishes = list(_wishes(models, self._evenings[number], settings))
            for fusion in Fusion:
                parts = [(_hidden_top(side, fuse(own, other, fusion)), side) for side, own, other in wishes]
                found.setdefault(replace(settings, fusion=fusion), {})[number] = _figures(parts)
        return found


def _lists(
    models: tuple[_Learned, _Learned], evening: Evening, number: int, settings: Settings
) -> dict[str, list[tuple[Lists, Evening]]]:
    """Return the lists of both sides by each method."""
    found: dict[str, list[tuple[Lists, Evening]]] = {}
    for name, side, scores in _methods(models, evening, number, settings):
        found.setdefault(name, []).append((_hidden_top(side, scores), side))
    return found


def _hidden_top(side: Evening, scores: npt.NDArray[np.floating]) -> Lists:
    """Return the best of those whom nobody knows yet."""
    return top(np.where(side.first, -np.inf, scores), SHOWN)


def _figures(parts: list[tuple[Lists, Evening]]) -> Matrix:
    return np.concatenate([measure_people(each, side.mutual, side.first) for each, side in parts])


def _methods(
    models: tuple[_Learned, _Learned], evening: Evening, number: int, settings: Settings
) -> Iterator[tuple[str, Evening, npt.NDArray[np.floating]]]:
    for at, (side, own, other) in enumerate(_wishes(models, evening, settings)):
        yield "random", side, np.random.default_rng((number, at)).random(own.shape)
        yield "popularity", side, np.broadcast_to(_received(side, 2.0), own.shape)
        yield "popularity by ratings", side, np.broadcast_to(_rated(side.likes, side.first, 4.0), own.shape)
        yield "content", side, _alike(side)
        for fusion in Fusion:
            yield fusion.value, side, fuse(own, other, fusion)
        yield CHOSEN, side, _balanced(np.where(side.first, -np.inf, fuse(own, other, settings.fusion)))


def _balanced(scores: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return the scores of those whom the product would show, negative infinity for all others."""
    chance = luck(scores, *(np.arange(count) for count in scores.shape))
    values = worth(scores) - chance
    shown = top(values - balance([values], best(SHOWN)), SHOWN)
    rows, places = np.nonzero(shown >= 0)
    found = np.full_like(scores, -np.inf)
    found[rows, shown[rows, places]] = scores[rows, shown[rows, places]]
    return found


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
    values = [evening.wants.astype(float), *([evening.likes] if settings.uses_ratings else [])]
    if settings.splits:
        found = [each for said in values for each in _split(said, evening.first, settings.ahead)]
    else:
        found = [each for said in values for each in _shares(said, evening.first, settings.ahead)]
    pairs = [np.broadcast_to(each, evening.first.shape)[..., None] for each in found]
    if settings.uses_pairs:
        ours, theirs = _filled(evening.ours), _filled(evening.theirs)
        age = (ours[:, None] - theirs[None, :])[..., :1]
        pairs += [evening.shared, np.abs(age), age, ours[:, None, 1:2] * evening.shared[..., :1]]
    return np.concatenate(pairs, axis=2)


def _split(said: Matrix, first: npt.NDArray[np.bool_], ahead: float) -> tuple[Matrix, Matrix]:
    """Return how wanted each column is and how readily each row says yes, from the first dates, as the product does."""
    rows, columns = np.nonzero(first & ~np.isnan(said))
    effects = split_answers(columns, rows, said[rows, columns], (said.shape[1], said.shape[0]), ahead)
    return effects.wanted[None, :], effects.ready[:, None]


def _shares(said: Matrix, first: npt.NDArray[np.bool_], ahead: float) -> tuple[Matrix, Matrix]:
    """Return the smoothed mean of what each column got and of what each row gave on the first dates."""
    return _rated(said, first, ahead)[None, :], _rated(said.T, first.T, ahead)[:, None]


def _filled(values: Matrix) -> Matrix:
    """Return what people say about themselves, with the evening's mean where they said nothing."""
    mean = np.nan_to_num(np.nanmean(values, axis=0))
    return np.where(np.isnan(values), mean, values)


def _received(evening: Evening, ahead: float) -> npt.NDArray[np.float64]:
    """Return the smoothed share of yes that each column got on the first dates."""
    return _rated(evening.wants.astype(float), evening.first, ahead)


def _rated(likes: Matrix, first: npt.NDArray[np.bool_], ahead: float) -> npt.NDArray[np.float64]:
    """Return the smoothed mean of what the rows said about each column on the first dates."""
    known = first & ~np.isnan(likes)
    mean = likes[known].mean()
    total = np.where(known, likes, 0).sum(axis=0)
    rated: npt.NDArray[np.float64] = (total + ahead * mean) / (known.sum(axis=0) + ahead)
    return rated


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
