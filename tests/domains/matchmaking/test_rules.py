"""Properties of scores, prices and lists."""

import math
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt
from hypothesis import given, settings, strategies as st

from expo.matchmaking.rules import (
    WEIGHTS,
    Floats,
    Fusion,
    Model,
    Party,
    Reason,
    ReasonKind,
    Reputation,
    Side,
    Signal,
    SignalKind,
    TargetKind,
    TopicSpace,
    balance,
    best,
    even_out,
    explain,
    explore,
    explored_share,
    learn_taste,
    luck,
    popularity,
    rank,
    score_pairs,
    willingness,
    with_topic,
    worth,
)
from expo.matchmaking.rules.exploration import MOST_LISTS
from expo.matchmaking.rules.exposure import LEAST, MOST, shares_of
from expo.matchmaking.rules.scores import fuse
from expo.pure.topics import bundled_topics

TOPICS = bundled_topics()
CODES = [topic.code for topic in TOPICS.topics]
SPACE = TopicSpace(TOPICS, [])
MODELS = [Model(*WEIGHTS[kind]) for kind in (TargetKind.EXHIBITOR, TargetKind.ATTENDEE)]
NOON = datetime(2027, 5, 26, 4, tzinfo=UTC)

some_topics = st.dictionaries(st.sampled_from(CODES), st.just(1.0), max_size=5)
facets = st.frozensets(st.sampled_from(["a", "b", "c"]), max_size=2)
parties = st.builds(Party, st.just(0), some_topics, some_topics, facets, facets, facets)


def side(*parties: Party) -> Side:
    return Side(
        [Party(n, p.offers, p.seeks, p.industries, p.regions, p.languages, p.purposes) for n, p in enumerate(parties)],
        SPACE,
    )


def scores_of(viewer: Party, *targets: Party, model: Model = MODELS[0]) -> list[float]:
    return [float(score) for score in with_topic(*score_pairs(side(viewer), side(*targets), model, 0))[0]]


def topics(*codes: str) -> dict[str, float]:
    return dict.fromkeys(codes, 1.0)


@given(viewer=parties, preference=st.sampled_from(CODES))
@settings(max_examples=60, deadline=None)
def test_score_when_a_preference_is_mutual_then_above_the_same_preference_of_one_side(
    viewer: Party, preference: str
) -> None:
    """Both offer what the viewer seeks; only one of them seeks what the viewer offers."""
    viewer = Party(0, viewer.offers or topics("consulting"), topics(preference), viewer.industries)
    one_sided, mutual = Party(1, topics(preference)), Party(2, topics(preference), viewer.offers)

    for model in MODELS:
        scores = scores_of(viewer, one_sided, mutual, model=model)
        assert scores[1] > scores[0]


@given(viewer=parties, target=parties)
@settings(max_examples=60, deadline=None)
def test_score_when_both_are_given_then_between_0_and_1_and_only_with_a_topic(viewer: Party, target: Party) -> None:
    (score,) = scores_of(viewer, target)

    assert score == -np.inf or 0 < score < 1
    if not (viewer.seeks or viewer.offers) or not (target.seeks or target.offers):
        assert score == -np.inf


@given(viewer=parties, target=parties, language=st.sampled_from(["zh", "en"]))
@settings(max_examples=40, deadline=None)
def test_score_when_more_is_in_common_then_never_lower(viewer: Party, target: Party, language: str) -> None:
    viewer_too = Party(0, viewer.offers, viewer.seeks, languages=frozenset({language}))
    target_too = Party(0, target.offers, target.seeks, languages=frozenset({language}))

    (without,) = scores_of(Party(0, viewer.offers, viewer.seeks), Party(0, target.offers, target.seeks))
    (with_language,) = scores_of(viewer_too, target_too)

    assert with_language >= without


def test_score_when_topics_are_nearer_in_the_tree_then_higher() -> None:
    seeker = Party(0, seeks=topics("data-quality"))

    same, parent, sibling, group, far = scores_of(
        seeker,
        *(Party(1, topics(code)) for code in ("data-quality", "data-governance", "data-lineage", "big-data", "drones")),
    )

    assert same > parent > sibling > group
    assert far == -np.inf


def test_slice_when_scored_alone_then_as_among_many() -> None:
    """One viewer takes the sparse way through the vectors, several the dense one."""
    rng = np.random.default_rng(7)
    made = [Party(n, topics(*rng.choice(CODES, 3)), topics(*rng.choice(CODES, 3))) for n in range(30)]
    targets = side(*made)

    together = with_topic(*score_pairs(side(*made[:5]), targets, MODELS[1], 0))
    alone = np.concatenate([with_topic(*score_pairs(side(each), targets, MODELS[1], 0)) for each in made[:5]])

    assert np.allclose(together, alone, atol=1e-5, equal_nan=True)


@given(excluded=st.sets(st.integers(0, 29), max_size=25), limit=st.integers(0, 40))
@settings(max_examples=40, deadline=None)
def test_rank_when_rows_are_excluded_then_they_never_appear_and_nothing_appears_twice(
    excluded: set[int], limit: int
) -> None:
    targets = side(*(Party(n, topics("storage", CODES[n])) for n in range(30)))
    scores = with_topic(*score_pairs(side(Party(0, seeks=topics("storage"))), targets, MODELS[0], 0))

    (ranked,) = rank(scores, targets, limit, excluded=sorted(excluded))

    assert not excluded & set(ranked.rows)
    assert len(set(ranked.rows)) == len(ranked.rows) == min(limit, 30 - len(excluded))


def test_rank_when_candidates_are_alike_then_a_different_one_comes_second() -> None:
    twins = [Party(n, topics("storage", "object-storage")) for n in range(5)]
    other = Party(5, topics("storage", "robotics"))
    targets = side(*twins, other)
    scores = with_topic(
        *score_pairs(side(Party(0, seeks=topics("storage", "object-storage", "robotics"))), targets, MODELS[0], 0)
    )

    (ranked,) = rank(scores, targets, 3)

    assert 5 in ranked.rows[:2]
    assert rank(scores, targets, 3) == [ranked]


def shown_by(values: Floats, prices: Floats, shown: int) -> npt.NDArray[np.int64]:
    """Return how many people each candidate is shown to."""
    places = best(shown)(values, values - prices, None)
    return np.bincount(places[places >= 0], minlength=values.shape[1])


def test_prices_when_one_candidate_is_wanted_by_all_then_it_yields_and_all_are_shown() -> None:
    values = np.random.default_rng(3).uniform(0.1, 0.2, (400, 40)).astype(np.float32)
    values[:, :4] += 0.1
    values[:, 9] -= 0.1

    prices = balance([values[:200], values[200:]], best(5))

    before, after = (shown_by(values, each, 5) for each in (np.zeros_like(prices), prices))
    assert before[:4].min() == 400
    assert before[9] == 0
    assert all(prices[:4] > 0)
    assert prices[9] < 0
    # Whole people within the bounds, of fifty on average.
    assert LEAST * 50 <= after.min() <= after.max() <= math.ceil(MOST * 50)
    assert np.array_equal(prices, balance([values], best(5)))


def test_prices_when_candidates_can_meet_more_or_fewer_then_each_is_shown_by_its_capacity() -> None:
    """Few are interested in the last ten; topics speak for three of them to four people, to one and to nobody."""
    rng = np.random.default_rng(5)
    values = rng.uniform(0.0, 0.3, (300, 30)).astype(np.float32)
    values[:, 20:] *= 0.05
    values[rng.random(values.shape) < 0.6] = -np.inf
    values[:, 27:] = -np.inf
    values[:4, 27] = values[7, 28] = 0.001
    capacity = np.array([1, 2, 3] * 10, np.float32)

    prices = balance([values], best(4), capacity)

    after = shown_by(values, prices, 4)
    fair = after.sum() * shares_of(capacity, np.isfinite(values).sum(axis=0) > 0)
    usual = np.arange(27)
    too_rarely, too_often = np.floor(LEAST * fair) - after, after - np.ceil(MOST * fair)
    assert np.maximum(np.maximum(too_rarely, too_often), 0)[usual].sum() <= 0.01 * after.sum()
    # Few are interested: half of them, and at least one, find it.
    assert after[27] >= 2
    assert after[28] == 1
    assert after[29] == prices[29] == 0
    assert shares_of(np.zeros(4, np.float32)).tolist() == [0.25] * 4
    assert shares_of(np.array([0, 10], np.float32)).min() > 0


def test_prices_when_people_state_the_same_then_they_are_not_all_sent_to_the_same() -> None:
    scores = np.full((60, 20), 0.3, np.float32)
    scores[:, :2] += 0.1
    chance = luck(scores, np.arange(60), np.arange(100, 120))

    prices = balance([worth(scores) - chance], best(3))

    after = shown_by(worth(scores), prices + chance, 3)
    assert 6 <= after.min() <= after.max() <= 12
    assert shown_by(worth(scores), prices, 3).max() == 60
    assert np.array_equal(chance[7:8], luck(scores[7:8], np.array([7]), np.arange(100, 120)))
    assert np.abs(chance).max() < 0.05 * worth(scores).max()


def test_rank_when_prices_decide_who_is_shown_then_the_best_is_first_and_others_can_stand_in() -> None:
    targets = side(*(Party(n, topics("storage")) for n in range(6)))
    scores = np.array([[0.9, 0.8, 0.7, 0.6, 0.5, -np.inf]], np.float32)
    prices = np.array([0.2, 0.7, 0.0, 0.0, 0.0, -1.0], np.float32)

    (ranked,) = rank(scores, targets, 3, prices, spare=3)

    assert ranked.rows == (0, 2, 3, 4, 1)
    assert np.allclose(ranked.scores, (0.9, 0.7, 0.6, 0.5, 0.8))


def test_exploring_when_candidates_differ_then_each_is_drawn_by_its_capacity_on_any_day_alike() -> None:
    rng = np.random.default_rng(9)
    scores = rng.uniform(0.05, 0.3, (4000, 8)).astype(np.float32)
    scores[:, 0] *= 2
    scores[:2000, 1] = -np.inf
    people, candidates = np.arange(4000), np.arange(50, 58)
    capacity = np.array([1, 1, 2, 2, 1, 1, 2, 2], np.float32)
    share = explored_share(9, 8, 100)

    chosen = explore(scores, even_out(scores[::8], capacity), people, candidates, 1, share)

    drawn = np.bincount(chosen[chosen >= 0], minlength=8)
    assert 0.45 < share < 0.55
    assert np.abs(drawn / (4000 * share * capacity / capacity.sum()) - 1).max() < 0.3
    assert not (chosen[:2000] == 1).any()
    prices = even_out(scores[::8], capacity)
    for n in range(50):
        (alone,) = explore(scores[n : n + 1], prices, people[n : n + 1], candidates, 1, share)
        assert alone == chosen[n]
    next_day = explore(scores, even_out(scores[::8], capacity), people, candidates, 2, share)
    assert (next_day != chosen).mean() > 0.4
    assert [explored_share(4, 8, 100), explored_share(9, 0, 100), explored_share(9, 90, 100)] == [0, 0, MOST_LISTS]
    nobody = np.full((3, 8), -np.inf, np.float32)
    assert explore(nobody, np.zeros(8, np.float32), people[:3], candidates, 1, 1.0).tolist() == [-1] * 3


def test_reasons_when_somebody_states_no_topic_then_that_and_what_both_have_in_common() -> None:
    viewer = Party(0, seeks=topics("storage"), languages=frozenset({"zh"}))

    assert explain(viewer, Party(1, languages=frozenset({"zh", "en"})), TOPICS) == (
        Reason(ReasonKind.QUIET),
        Reason(ReasonKind.LANGUAGE, "zh"),
    )


def test_popularity_when_little_is_known_then_near_one_half_and_never_lower_for_more_choices() -> None:
    few, many = popularity([0, 1, 2]), popularity([0, 100, 200])

    assert np.all(np.abs(few - 0.5) < 0.1)
    assert popularity([0, 0, 0]).tolist() == [0.5] * 3
    assert many[0] < 0.1 < many[1] <= many[2] < 1
    assert len(popularity([])) == 0


def test_willingness_when_some_accept_more_then_higher_by_who_asked_and_near_one_half_where_little_is_known() -> None:
    # Everybody accepts "wanted" and refuses "unwanted", except the last two, who refuse the only one who asked them.
    answers = [(who, row, who == "wanted") for row in range(6) for who in ("wanted", "unwanted")]
    answers += [("wanted", 6, False), ("unwanted", 7, False)]

    found = willingness(answers, 9)

    assert found[6] < found[7] < 0.5
    assert found[8] == 0.5
    assert np.all(np.abs(found - 0.5) < 0.15)
    assert willingness([], 3).tolist() == [0.5] * 3
    often, never = willingness([(n, row, row == 0) for n in range(99) for row in range(2)], 2)
    assert often > 0.7
    assert never < 0.3


def test_score_when_a_target_accepts_more_requests_then_higher() -> None:
    viewer, targets = side(Party(0, seeks=topics("storage"))), side(*(Party(n, topics("storage")) for n in range(3)))

    for model in MODELS:
        standing = Reputation(willing=np.array([0.2, 0.5, 0.8], np.float32))
        (scores,) = with_topic(*score_pairs(viewer, targets, model, 0, standing=standing))
        (unknown,) = with_topic(*score_pairs(viewer, targets, model, 0))
        assert scores[0] < scores[1] < scores[2]
        assert np.isclose(unknown[1], scores[1])


def test_prices_when_nobody_is_crowded_out_then_none() -> None:
    values = np.eye(20, dtype=np.float32)
    values[values == 0] = -np.inf

    assert not balance([values], best(5)).any()


def test_taste_when_something_is_starred_and_refused_then_towards_one_and_away_from_the_other() -> None:
    vectors = side(Party(0, topics("storage")), Party(1, topics("robotics"))).offers.dense
    offers = {(TargetKind.EXHIBITOR, row): vectors[row] for row in (0, 1)}

    def signal(target: int, kind: SignalKind) -> Signal:
        return Signal(1, TargetKind.EXHIBITOR, target, kind, NOON)

    taste = learn_taste([signal(0, SignalKind.STARRED), signal(1, SignalKind.REFUSED)], offers, SPACE.width)

    assert taste @ vectors[0] > 0.9
    assert taste @ vectors[1] < 0
    assert not learn_taste([signal(9, SignalKind.STARRED)], offers, SPACE.width).any()


def test_reasons_when_both_have_something_then_the_strongest_first() -> None:
    viewer = Party(
        0, topics("consulting"), topics("storage", "cloud"), languages=frozenset({"zh"}), purposes=frozenset({"buy"})
    )
    target = Party(
        1, {"storage": 1.0, "cloud": 0.3, "public-cloud": 1.0}, topics("consulting", "storage"),
        languages=frozenset({"zh", "en"}), purposes=frozenset({"sell"}),
    )  # fmt: skip

    assert explain(viewer, target, TOPICS, is_similar=True) == (
        Reason(ReasonKind.SHARED, "storage"),
        Reason(ReasonKind.SHARED, "cloud"),
        Reason(ReasonKind.WANTED, "consulting"),
        Reason(ReasonKind.ALIKE, "storage"),
        Reason(ReasonKind.RELATED, "public-cloud"),
        Reason(ReasonKind.SIMILAR),
        Reason(ReasonKind.PURPOSE, "sell"),
        Reason(ReasonKind.LANGUAGE, "zh"),
    )


def test_fusion_when_one_side_does_not_care_then_the_harmonic_mean_is_nearest_to_its_preference() -> None:
    own, other = np.array([0.9], np.float32), np.array([0.1], np.float32)

    fused = {fusion: float(fuse(own, other, fusion)[0]) for fusion in Fusion}

    assert fused[Fusion.HARMONIC] < fused[Fusion.ARITHMETIC] < fused[Fusion.ONE_SIDED]
