"""Evenings on which everybody met everybody, and both said yes or no: a measurement of two-sided wishes on real people.

Fisman, Iyengar, Kamenica and Simonson, "Gender differences in mate selection: evidence from a speed dating experiment",
Quarterly Journal of Economics 2006. The first dates of an evening are known, the remaining ones are ranked; models are
trained on the earlier evenings and tested on the later ones. Ratings after a date are never features.
"""

import csv
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bench.learning import Matrix, learn_logistic
from bench.rankings import Quality, measure_lists, top
from expo.matchmaking.rules.scores import Fusion, fuse

FILE = Path("two-sided/speed-dating.csv")
LAST_TRAINED = 9
SHOWN = 3
INTERESTS = (
    "sports", "tvsports", "exercise", "dining", "museums", "art", "hiking", "gaming", "clubbing", "reading", "tv",
    "theater", "movies", "concerts", "music", "shopping", "yoga",
)  # fmt: skip
STATED = ("attr1_1", "sinc1_1", "intel1_1", "fun1_1", "amb1_1", "shar1_1")
OWN = ("age", "imprace", "imprelig", "go_out", *INTERESTS, *STATED)
SAME = ("field_cd", "career_c", "goal")
# Yes and no of others that count like one person of the average.
PRIOR = 2.0
# Chosen by leaving out one of the earlier evenings at a time.
RIDGE = 0.1


@dataclass(frozen=True)
class Evening:
    """One wave: men by women. `first` says which dates came first and are known."""

    of_men: Matrix
    of_women: Matrix
    shared: Matrix
    men_want: npt.NDArray[np.bool_]
    women_want: npt.NDArray[np.bool_]
    first: npt.NDArray[np.bool_]


def find_file() -> Path | None:
    """Return the data, which is not part of the repository, or None."""
    folder = os.environ.get("EXPO_SHARED_DATA", str(Path(__file__).parents[2] / "shared" / "data"))
    path = Path(folder) / FILE
    return path if path.exists() else None


def read_evenings(path: Path) -> tuple[list[Evening], list[Evening]]:
    """Return the earlier evenings for training and the later ones for testing."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["pid"] and row["order"]]
    waves = sorted({int(row["wave"]) for row in rows})
    found = {wave: _evening([row for row in rows if int(row["wave"]) == wave]) for wave in waves}
    return (
        [evening for wave, evening in found.items() if wave <= LAST_TRAINED],
        [evening for wave, evening in found.items() if wave > LAST_TRAINED],
    )


def compare_fusions(path: Path) -> dict[str, Quality]:
    """Return the quality of the model with each fusion and of the methods that it is compared with."""
    train, test = read_evenings(path)
    models = [_learn(train, of_men=of_men) for of_men in (True, False)]
    lists: dict[str, list[tuple[npt.NDArray[np.float64], Evening, bool]]] = {}
    for number, evening in enumerate(test):
        wishes = [_predict(models[side], evening, of_men=side == 0) for side in (0, 1)]
        for of_men in (True, False):
            own, other = (wishes[0], wishes[1]) if of_men else (wishes[1].T, wishes[0].T)
            methods = {
                fusion.value: fuse(own.astype(np.float32), other.astype(np.float32), fusion).astype(float)
                for fusion in Fusion
            }
            methods["popularity"] = np.broadcast_to(_received(evening, of_men=of_men), own.shape).copy()
            methods["content"] = _alike(evening, of_men=of_men)
            methods["random"] = np.random.default_rng((number, of_men)).random(own.shape)
            for name, scores in methods.items():
                lists.setdefault(name, []).append((scores, evening, of_men))
    return {name: _quality(each) for name, each in lists.items()}


def _quality(parts: list[tuple[npt.NDArray[np.float64], Evening, bool]]) -> Quality:
    """Return the mean over evenings and sides, each weighted by its people."""
    found, people = [], []
    for scores, evening, of_men in parts:
        first = evening.first if of_men else evening.first.T
        mutual = evening.men_want & evening.women_want
        wanted_back = evening.women_want if of_men else evening.men_want.T
        hidden = np.where(first, -np.inf, scores)
        found.append(measure_lists(top(hidden, SHOWN), mutual if of_men else mutual.T, wanted_back, first))
        people.append(len(scores))
    names = Quality.__dataclass_fields__
    return Quality(
        **{name: float(np.average([getattr(each, name) for each in found], weights=people)) for name in names}
    )


def _evening(rows: list[dict[str, str]]) -> Evening:
    men = sorted({int(row["iid"]) for row in rows if row["gender"] == "1"})
    women = sorted({int(row["iid"]) for row in rows if row["gender"] == "0"})
    place = {iid: number for side in (men, women) for number, iid in enumerate(side)}
    own = {int(row["iid"]): _numbers(row, OWN) for row in rows}
    shape = (len(men), len(women))
    men_want, women_want, first = (np.zeros(shape, bool) for _ in range(3))
    shared = np.zeros((*shape, 2 + len(SAME)))
    facts = {int(row["iid"]): row for row in rows}
    for row in rows:
        iid, pid = int(row["iid"]), int(row["pid"])
        if row["gender"] != "1" or pid not in place:
            continue
        at = place[iid], place[pid]
        men_want[at], women_want[at] = row["dec"] == "1", row["dec_o"] == "1"
        first[at] = int(row["order"]) * 2 <= int(row["round"])
        one, other = facts[iid], facts[pid]
        same = [float(bool(one[name]) and one[name] == other[name]) for name in SAME]
        shared[at] = [float(row["samerace"] or 0), float(row["int_corr"] or 0), *same]
    return Evening(
        np.array([own[iid] for iid in men]), np.array([own[iid] for iid in women]), shared, men_want, women_want, first
    )


def _numbers(row: dict[str, str], names: tuple[str, ...]) -> list[float]:
    return [float(row[name]) if row[name] else np.nan for name in names]


def _features(evening: Evening, *, of_men: bool) -> Matrix:
    """Return the features of men about women, or of women about men, as (men, women, features)."""
    men, women = _filled(evening.of_men), _filled(evening.of_women)
    shape = (len(men), len(women), men.shape[1])
    own, other = (men[:, None], women[None, :]) if of_men else (women[None, :], men[:, None])
    age = (own - other)[..., :1]
    received, given = _logit(_received(evening, of_men=of_men)), _logit(_given(evening, of_men=of_men))
    said = (received[None, :], given[:, None]) if of_men else (received[:, None], given[None, :])
    parts = [
        *(np.broadcast_to(each[..., None], (*shape[:2], 1)) for each in said),
        evening.shared, np.abs(age), age, own[..., 1:2] * evening.shared[..., :1],
    ]  # fmt: skip
    return np.concatenate(parts, axis=2)


def _filled(values: Matrix) -> Matrix:
    """Return what people say about themselves, with the evening's mean where they said nothing."""
    mean = np.nan_to_num(np.nanmean(values, axis=0))
    return np.where(np.isnan(values), mean, values)


def _logit(share: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.log(share / (1 - share))


def _received(evening: Evening, *, of_men: bool) -> npt.NDArray[np.float64]:
    """Return the smoothed share of yes that each target got on the first dates of the evening."""
    wants, first = (evening.men_want, evening.first) if of_men else (evening.women_want.T, evening.first.T)
    mean = wants[first].mean()
    share: npt.NDArray[np.float64] = ((wants & first).sum(axis=0) + PRIOR * mean) / (first.sum(axis=0) + PRIOR)
    return share


def _given(evening: Evening, *, of_men: bool) -> npt.NDArray[np.float64]:
    """Return the smoothed share of yes that each person gave on the first dates of the evening."""
    wants, first = (evening.men_want, evening.first) if of_men else (evening.women_want.T, evening.first.T)
    mean = wants[first].mean()
    share: npt.NDArray[np.float64] = ((wants & first).sum(axis=1) + PRIOR * mean) / (first.sum(axis=1) + PRIOR)
    return share


def _alike(evening: Evening, *, of_men: bool) -> Matrix:
    """Return the cosine of the interests of both."""
    count = len(INTERESTS)
    sides = [_filled(each)[:, 4 : 4 + count] for each in (evening.of_men, evening.of_women)]
    men, women = ((each - 5.5) / np.linalg.norm(each - 5.5, axis=1, keepdims=True) for each in sides)
    return np.asarray(men @ women.T if of_men else women @ men.T)


@dataclass(frozen=True)
class _Learned:
    mean: Matrix
    deviation: Matrix
    bias: float
    weights: Matrix


def _learn(evenings: list[Evening], *, of_men: bool) -> _Learned:
    """Learn who says yes to whom from the later dates of the earlier evenings."""
    rows = np.concatenate([_features(each, of_men=of_men)[~each.first] for each in evenings])
    labels = np.concatenate([(each.men_want if of_men else each.women_want)[~each.first] for each in evenings])
    mean, deviation = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    bias, weights = learn_logistic((rows - mean) / deviation, labels, ridge=RIDGE)
    return _Learned(mean, deviation, bias, weights)


def _predict(learned: _Learned, evening: Evening, *, of_men: bool) -> Matrix:
    """Return how likely each man says yes to each woman, or each woman to each man, as (men, women)."""
    rows = (_features(evening, of_men=of_men) - learned.mean) / learned.deviation
    return np.asarray(1 / (1 + np.exp(-(rows @ learned.weights + learned.bias))))
