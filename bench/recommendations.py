"""Measures recommendations: how right and how fair they are, and how long they take.

`python -m bench.recommendations` prints the figures; `python -m bench.recommendations learn` prints the weights that
expo/matchmaking/rules/scores.py has, learned on fairs that the measurement does not use, and `choose` how the fusions
do on each of those fairs when the weights are learned on the others.
"""

import resource
import sys
import time
from collections.abc import Callable

import numpy as np

from bench.dating import find_file
from bench.dating_methods import CHOSEN, People, compare_evenings, compare_left_out
from bench.fair_methods import (
    SHOWN,
    Prepared,
    learn_weights,
    rank_by_chance,
    rank_by_content,
    rank_by_model,
    rank_by_popularity,
)
from bench.fairs import generate_fair
from bench.learning import Matrix
from bench.rankings import Lists, Quality, evening_interval, measure_lists, measure_people, paired_interval
from bench.table import Row, show
from expo.matchmaking.rules.exposure import balance, luck, worth
from expo.matchmaking.rules.parties import TargetKind
from expo.matchmaking.rules.ranking import (
    FUSION,
    SLICE,
    Model,
    choose_diverse,
    rank,
    score_pairs,
    score_slices,
    with_topic,
)
from expo.matchmaking.rules.scores import WEIGHTS, Fusion, Reputation, popularity
from expo.matchmaking.rules.vectors import Side

LEARNED, TESTED = (1, 2, 3, 4), (11, 12, 13)
FAIRS = {TargetKind.EXHIBITOR: (1500, 200), TargetKind.ATTENDEE: (500, 500)}
PEOPLE, COMPANIES, LISTED = 20_000, 600, 30
OURS = "the product's"
ONLY_TOPICS = "the product's without those who state no topic"
MEGABYTE = 1024  # in the unit of ru_maxrss on Linux
FIGURES = (
    ("precision", "precision"),
    ("recall", "recall"),
    ("ndcg", "NDCG"),
    ("acceptance", "accepted by both"),
    ("held", "meetings held"),
    ("coverage", "coverage"),
    ("gini", "Gini, lower is fairer"),
)


def main() -> None:
    """Print the figures, the learned weights, or what the fusion was chosen by."""
    if "choose" in sys.argv[1:]:
        for kind in FAIRS:
            for name, share in compare_on_left_out(kind).items():
                print(f"{kind.value} {name}: {100 * share:.2f} % accepted by both")
        return
    if "learn" in sys.argv[1:]:
        for kind in FAIRS:
            for side, weights in zip(("ours", "theirs"), learn_weights(_fairs(kind, LEARNED)), strict=True):
                print(kind.value, side, weights.bias, {name.name: value for name, value in weights.of.items()})
        return
    show("recommendations", measure_recommendations())


def measure_recommendations() -> list[Row]:
    """Return the quality on generated fairs and on real evenings, and the times."""
    rows = measure_times()
    for kind in FAIRS:
        found, people = _compare(kind)
        rows += _quality_rows(f"{kind.value}s", found, SHOWN)
        rows += _difference_rows(f"{kind.value}s", people, OURS)
    path = find_file()
    if path is None:
        print("No speed-dating data (two-sided/speed-dating.csv): real evenings are left out.")
        return rows
    found, later = compare_evenings(path)
    earlier = compare_left_out(path)
    rows += _quality_rows("evenings", found, 3)
    for subject, evenings in (("evenings", later), ("earlier evenings, each left out", earlier)):
        rows += _difference_rows(subject, {name: np.concatenate(each) for name, each in evenings.items()}, CHOSEN)
    return rows + _evening_rows({name: earlier[name] + later[name] for name in later})


def measure_times() -> list[Row]:
    """Measure all lists of a large fair on one core, and the lists of one person who just changed something."""
    fair = generate_fair(21, 2000, COMPANIES)
    # The truth of a fair is quadratic, so the people are repeated instead of generated.
    people = [fair.visitors[number % 2000] for number in range(PEOPLE)]
    prepared = Prepared(fair)
    space, companies = prepared.targets.space, prepared.targets
    model, person_model = (Model(*WEIGHTS[kind]) for kind in FAIRS)
    standing = Reputation(popularity([number % 40 for number in range(COMPANIES)]), prepared.standing.willing)
    began, cpu = time.perf_counter(), time.process_time()
    everybody = Side(people, space)
    built = time.perf_counter() - began
    slices = list(score_slices(everybody, companies, model, None, standing))
    # As the job does: a part of the people tells the demand of all.
    sample = slices[:: len(slices) // 4]
    prices = balance(
        [worth(scores) - luck(scores, everybody.ids[: len(scores)], companies.ids) for scores in sample],
        choose_diverse(companies, SHOWN),
        prepared.fair.capacity.astype(np.float32),
    )
    lists = []
    for number, scores in enumerate(slices):
        ids = everybody.ids[number * SLICE : number * SLICE + len(scores)]
        lists += rank(scores, companies, LISTED, prices + luck(scores, ids, companies.ids))
    seconds, used = time.perf_counter() - began, time.process_time() - cpu
    if len(lists) != PEOPLE:
        raise AssertionError(f"{len(lists)} lists")
    one = Side(people[:1], space)
    of_companies = _fastest(
        lambda: rank(with_topic(*score_pairs(one, companies, model, 0, None, standing)), companies, LISTED, prices)
    )
    of_people = _fastest(lambda: rank(with_topic(*score_pairs(one, everybody, person_model, 0)), everybody, LISTED))
    return [
        Row(
            f"{PEOPLE:,} people and {COMPANIES} companies, top {LISTED}",
            seconds,
            "s",
            "< 10",
            f"CPU {used:.1f} s",
        ),
        Row("  of it preparing the people", built, "s"),
        Row(f"one person and {COMPANIES} companies", 1000 * of_companies, "ms", "< 50"),
        Row(f"one person and {PEOPLE:,} people", 1000 * of_people, "ms", "< 50"),
        Row("memory at most", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE, "MB"),
    ]


def _fastest(act: Callable[[], object], times: int = 20) -> float:
    """Return the median of several runs."""
    found = []
    for _ in range(times):
        began = time.perf_counter()
        act()
        found.append(time.perf_counter() - began)
    return sorted(found)[times // 2]


def _fairs(kind: TargetKind, seeds: tuple[int, ...]) -> list[Prepared]:
    people, targets = FAIRS[kind]
    are_companies = kind is TargetKind.EXHIBITOR
    return [Prepared(generate_fair(seed, people, targets, are_companies=are_companies)) for seed in seeds]


def _compare(kind: TargetKind) -> tuple[dict[str, Quality], dict[str, Matrix]]:
    """Return the quality of the product's model, of its parts and of the baselines, on fairs it never saw.

    And the figures of each person; see measure_people.
    """
    methods: dict[str, Callable[[Prepared], Lists]] = {
        "random": lambda prepared: rank_by_chance(prepared, 1),
        "popularity": rank_by_popularity,
        "content": rank_by_content,
    }
    for fusion in Fusion:
        model = Model(*WEIGHTS[kind], fusion)
        methods[fusion.value] = lambda prepared, model=model: rank_by_model(  # type: ignore[misc]
            prepared, model, balanced=False, diverse=False
        )
    chosen = Model(*WEIGHTS[kind], FUSION)
    methods[OURS] = lambda prepared: rank_by_model(prepared, chosen, balanced=True, explores=True)
    methods[ONLY_TOPICS] = lambda prepared: rank_by_model(prepared, chosen, balanced=True)
    fairs = _fairs(kind, TESTED)
    lists = {name: [method(each) for each in fairs] for name, method in methods.items()}
    reachable = [np.isfinite(each.scores(chosen)).any(axis=0).mean() for each in fairs]
    print(f"{kind.value}s: a topic speaks for {100 * np.mean(reachable):.1f} % of the candidates to somebody.")
    found = {name: _mean([_measure(*each) for each in zip(fairs, parts, strict=True)]) for name, parts in lists.items()}
    people = {
        name: np.concatenate(
            [
                measure_people(part, each.fair.mutual, each.fair.history != 0)
                for each, part in zip(fairs, parts, strict=True)
            ]
        )
        for name, parts in lists.items()
    }
    return found, people


def compare_on_left_out(kind: TargetKind) -> dict[str, float]:
    """Return the share accepted by both of each fusion on fairs for learning, each left out once."""
    fairs = _fairs(kind, LEARNED)
    found: dict[str, list[float]] = {}
    for left_out in fairs:
        weights = learn_weights([each for each in fairs if each is not left_out])
        for fusion in Fusion:
            lists = rank_by_model(left_out, Model(*weights, fusion), balanced=False, diverse=False)
            found.setdefault(fusion.value, []).append(_measure(left_out, lists).acceptance)
    return {name: sum(each) / len(each) for name, each in found.items()}


def _measure(prepared: Prepared, lists: Lists) -> Quality:
    fair = prepared.fair
    return measure_lists(lists, fair.mutual, fair.history != 0, fair.capacity)


def _mean(found: list[Quality]) -> Quality:
    return Quality(
        **{name: sum(getattr(each, name) for each in found) / len(found) for name in Quality.__dataclass_fields__}
    )


def _quality_rows(subject: str, found: dict[str, Quality], shown: int) -> list[Row]:
    """Return a row per figure and method, in per cent."""
    return [
        Row(f"{subject}: {label}{'' if name not in ('precision', 'recall', 'ndcg') else f'@{shown}'}, {method}",
            100 * getattr(quality, name), "%")
        for name, label in FIGURES
        for method, quality in found.items()
    ]  # fmt: skip


def _evening_rows(people: People) -> list[Row]:
    """Return the differences over all evenings, with intervals by evening, and on how many the model is ahead."""
    rows = []
    for column, figure in enumerate(("accepted by both", "NDCG")):
        ours = [each[:, column] for each in people[CHOSEN]]
        for method in people:
            if method == CHOSEN:
                continue
            theirs = [each[:, column] for each in people[method]]
            mean, low, high = evening_interval(ours, theirs)
            gained = [np.nanmean(one) - np.nanmean(other) for one, other in zip(ours, theirs, strict=True)]
            ahead, behind = sum(each > 1e-9 for each in gained), sum(each < -1e-9 for each in gained)
            note = f"95 % by evening: {100 * low:+.1f} to {100 * high:+.1f}; ahead on {ahead}, behind on {behind}"
            rows.append(Row(f"all evenings: {figure}, {CHOSEN} less {method}", 100 * mean, "points", "", note))
    return rows


def _difference_rows(subject: str, people: dict[str, Matrix], ours: str) -> list[Row]:
    """Return by how much a method is better than each other one on the same people, with the interval of 95 %."""
    rows = []
    for column, figure in enumerate(("accepted by both", "NDCG")):
        for method, theirs in people.items():
            if method == ours:
                continue
            mean, low, high = paired_interval(people[ours][:, column], theirs[:, column])
            interval = f"95 %: {100 * low:+.1f} to {100 * high:+.1f}"
            rows.append(Row(f"{subject}: {figure}, {ours} less {method}", 100 * mean, "points", "", interval))
    return rows


if __name__ == "__main__":
    main()
