"""The methods that are compared on generated fairs, and what is learned from such fairs."""

from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt

from bench.fairs import Fair
from bench.learning import learn_logistic
from bench.rankings import Lists, top
from expo.matchmaking.rules.answers import willingness
from expo.matchmaking.rules.exploration import even_out, explore, explored_share
from expo.matchmaking.rules.exposure import balance, best, luck, worth
from expo.matchmaking.rules.parties import TargetKind
from expo.matchmaking.rules.ranking import SLICE, Model, choose_diverse, rank, score_pairs, score_slices, slice_size
from expo.matchmaking.rules.scores import (
    Feature,
    Features,
    Fusion,
    Reputation,
    Weights,
    pair_features,
    popularity,
    reverse_features,
)
from expo.matchmaking.rules.signals import Signal, SignalKind, learn_taste
from expo.matchmaking.rules.vectors import Floats, Side, TopicSpace
from expo.pure.topics import bundled_topics

SHOWN = 10
DAY = 1
_LONG_AGO = datetime(2027, 5, 26, tzinfo=UTC)


class Prepared:
    """A fair as arrays, with the tastes that its history shows."""

    def __init__(self, fair: Fair) -> None:
        self.fair = fair
        space = TopicSpace(bundled_topics(), [party.offers for party in fair.targets])
        self.viewers, self.targets = Side(fair.visitors, space), Side(fair.targets, space)
        offers = {(TargetKind.EXHIBITOR, row): self.targets.offers.dense[row] for row in range(len(fair.targets))}
        self.tastes = np.stack(
            [learn_taste(self._signals(row), offers, space.width) for row in range(len(fair.visitors))]
        )
        # The product does not count the choices that people make among themselves.
        popular = popularity((fair.history == 1).sum(axis=0).tolist()) if fair.capacity.std() else None
        asked = [(int(who), int(whom), fair.answers[who, whom] > 0) for who, whom in np.argwhere(fair.answers)]
        self.standing = Reputation(popular, willingness(asked, len(fair.targets)))

    def _signals(self, row: int) -> list[Signal]:
        kinds = {1: SignalKind.STARRED, -1: SignalKind.REFUSED}
        return [
            Signal(row, TargetKind.EXHIBITOR, int(target), kinds[int(self.fair.history[row, target])], _LONG_AGO)
            for target in np.flatnonzero(self.fair.history[row])
        ]

    def scores(self, model: Model) -> Floats:
        """Return the scores of all pairs, negative infinity for those that met before."""
        scores = np.concatenate(list(score_slices(self.viewers, self.targets, model, self.tastes, self.standing)))
        scores[self.fair.history != 0] = -np.inf
        return scores

    def quiet_scores(self, model: Model) -> Floats:
        """Return the scores of all people with the targets that state no topic."""
        found = [
            score_pairs(self.viewers, self.targets, model, start, self.tastes, self.standing)[0]
            for start in range(0, len(self.viewers), slice_size(self.targets))
        ]
        scores = np.concatenate(found)
        scores[self.fair.history != 0] = -np.inf
        return scores[:, self.targets.quiet]

    def features(self) -> tuple[Features, Features]:
        """Return the features of all pairs, as both sides see them."""
        ours = pair_features(self.viewers, self.targets, self.tastes, popular=self.standing.popular)
        return ours, reverse_features(ours, self.viewers, self.targets, willing=self.standing.willing)


def rank_by_model(
    prepared: Prepared, model: Model, *, balanced: bool, diverse: bool = True, explores: bool = False
) -> Lists:
    """Return the lists of the product's model."""
    scores = prepared.scores(model)
    prices = None
    if balanced:
        prices = luck(scores, prepared.viewers.ids, prepared.targets.ids)
        choose = choose_diverse(prepared.targets, SHOWN) if diverse else best(SHOWN)
        prices = prices + balance([worth(scores) - prices], choose, prepared.fair.capacity.astype(np.float32))
    if not diverse:
        return top(scores if prices is None else worth(scores) - prices, SHOWN)
    lists = np.full((len(scores), SHOWN), -1)
    for start in range(0, len(scores), SLICE):
        part = slice(start, start + SLICE)
        ranked = rank(scores[part], prepared.targets, SHOWN, None if prices is None else prices[part])
        for row, each in enumerate(ranked, start):
            lists[row, : len(each.rows)] = each.rows
    return _with_quiet(prepared, model, lists) if explores else lists


def _with_quiet(prepared: Prepared, model: Model, lists: Lists) -> Lists:
    """Return the lists with the last place of some given to targets that state no topic, as the product does."""
    quiet, targets = prepared.targets.quiet, prepared.targets
    scores = prepared.quiet_scores(model)
    prices = even_out(scores, prepared.fair.capacity[quiet].astype(np.float32))
    share = explored_share(SHOWN, len(quiet), len(targets))
    chosen = explore(scores, prices, prepared.viewers.ids, targets.ids[quiet], DAY, share)
    for row in np.flatnonzero((chosen >= 0) & (lists[:, 0] >= 0)):
        length = int((lists[row] >= 0).sum())
        lists[row, min(length, SHOWN - 1)] = quiet[chosen[row]]
    return lists


def rank_by_popularity(prepared: Prepared) -> Lists:
    """Return the same most wanted targets for everybody, except those they met."""
    wanted = (prepared.fair.history == 1).sum(axis=0).astype(float)
    scores = np.broadcast_to(wanted, prepared.fair.history.shape).copy()
    return _unmet(prepared, scores)


def rank_by_chance(prepared: Prepared, seed: int) -> Lists:
    """Return random targets."""
    return _unmet(prepared, np.random.default_rng(seed).random(prepared.fair.history.shape))


def rank_by_content(prepared: Prepared) -> Lists:
    """Return the targets by the cosine of what is stated as sought and offered, topic by topic."""
    codes = {topic.code: number for number, topic in enumerate(bundled_topics().topics)}

    def vectors(stated: list[dict[str, float]]) -> npt.NDArray[np.float64]:
        matrix = np.zeros((len(stated), len(codes)))
        for row, topics in enumerate(stated):
            for code in topics:
                matrix[row, codes[code]] = 1
        return np.asarray(matrix / np.maximum(1e-9, np.linalg.norm(matrix, axis=1, keepdims=True)))

    seeks = vectors([dict(party.seeks) for party in prepared.fair.visitors])
    offers = vectors([dict(party.offers) for party in prepared.fair.targets])
    return _unmet(prepared, seeks @ offers.T)


def _unmet(prepared: Prepared, scores: npt.NDArray[np.float64]) -> Lists:
    scores[prepared.fair.history != 0] = -np.inf
    return top(scores, SHOWN)


def learn_weights(fairs: list[Prepared]) -> tuple[Weights, Weights]:
    """Return the weights of both directions, learned from all pairs that did not meet before."""
    rows: tuple[list[npt.NDArray[np.float64]], list[npt.NDArray[np.float64]]] = ([], [])
    labels: tuple[list[npt.NDArray[np.bool_]], list[npt.NDArray[np.bool_]]] = ([], [])
    for prepared in fairs:
        both = prepared.features()
        usable = prepared.fair.history == 0
        for side, truth in enumerate((prepared.fair.wanted, prepared.fair.wanted_back)):
            columns = [both[side][name][usable] if name in both[side] else np.zeros(usable.sum()) for name in Feature]
            rows[side].append(np.stack(columns, axis=1).astype(float))
            labels[side].append(truth[usable])
    found = []
    for side in (0, 1):
        bias, weights = learn_logistic(np.concatenate(rows[side]), np.concatenate(labels[side]), nonnegative=True)
        found.append(
            Weights(round(bias, 2), {name: round(float(w), 2) for name, w in zip(Feature, weights, strict=True)})
        )
    return found[0], found[1]


def models(ours: Weights, theirs: Weights) -> dict[str, Model]:
    """Return a model per fusion."""
    return {fusion.value: Model(ours, theirs, fusion) for fusion in Fusion}
