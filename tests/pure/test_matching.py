import math
from random import Random

from hypothesis import given, settings, strategies as st

from expo.pure.matching import Candidates, Match, Reason, rarities

GROUPS = {"cloud": "infra", "network": "infra", "storage": "infra", "speech": "ai", "vision": "ai", "health": "use"}
TOPICS = sorted(GROUPS)
Vectors = dict[int, dict[str, float]]

vectors = st.dictionaries(
    st.integers(1, 60), st.dictionaries(st.sampled_from(TOPICS), st.sampled_from([0.35, 1.0]), max_size=5), max_size=50
)
chosen_topics = st.lists(st.sampled_from([*TOPICS, "unheard-of"]), unique=True, max_size=6)


@given(vectors, chosen_topics, st.integers(0, 60), st.randoms())
@settings(max_examples=200, deadline=None)
def test_rank_when_candidates_topics_and_wishes_come_in_another_order_then_the_same(
    topics: Vectors, chosen: list[str], limit: int, random: Random
) -> None:
    items = [(each, list(vector.items())) for each, vector in topics.items()]
    random.shuffle(items)
    for _, vector in items:
        random.shuffle(vector)
    wishes = list(chosen)
    random.shuffle(wishes)

    one = Candidates(topics, GROUPS).rank(chosen, limit)
    other = Candidates({each: dict(vector) for each, vector in items}, GROUPS).rank(wishes, limit)

    assert [match.candidate for match in one] == [match.candidate for match in other]
    assert [match.reasons for match in one] == [match.reasons for match in other]
    assert all(math.isclose(a.score, b.score) for a, b in zip(one, other, strict=True))


@given(vectors, chosen_topics, st.integers(0, 60))
@settings(max_examples=200, deadline=None)
def test_rank_when_asked_for_anything_then_each_fits_by_0_to_1_and_has_true_reasons(
    topics: Vectors, chosen: list[str], limit: int
) -> None:
    candidates = Candidates(topics, GROUPS)

    found = candidates.rank(chosen, limit)

    groups = {GROUPS.get(topic) for topic in chosen} - {None}
    fitting = [each for each, vector in topics.items() if any(GROUPS[topic] in groups for topic in vector)]
    assert len(found) == min(limit, len(fitting))
    assert len({match.candidate for match in found}) == len(found)
    assert found == candidates.rank(chosen, limit)
    for match in found:
        assert 0 < match.score <= 1
        assert {(reason.kind, reason.topic) for reason in match.reasons} == {
            ("shared" if topic in chosen else "related", topic)
            for topic in topics[match.candidate]
            if GROUPS[topic] in groups
        }


@given(vectors, chosen_topics, st.integers(1, 30))
@settings(max_examples=100, deadline=None)
def test_rank_when_fewer_are_wanted_then_the_beginning_of_the_same_list(
    topics: Vectors, chosen: list[str], limit: int
) -> None:
    candidates = Candidates(topics, GROUPS)

    assert candidates.rank(chosen, limit) == candidates.rank(chosen, 40)[:limit]


@given(st.permutations(list(range(12))), st.integers(1, 4), st.integers(0, 3))
@settings(max_examples=100, deadline=None)
def test_rank_when_vectors_are_equally_long_then_more_shared_topics_never_score_lower(
    order: list[int], more: int, fewer: int
) -> None:
    """Twelve topics that are equally rare, each in a group of its own, and candidates of four topics each."""
    fewer = min(fewer, more)
    names = [f"t{number:02}" for number in order]
    wanted, others = names[:4], names[4:]
    first = dict.fromkeys([*wanted[:more], *others[: 4 - more]], 1.0)
    second = dict.fromkeys([*wanted[:fewer], *others[4 : 8 - fewer]], 1.0)
    topics = {1: first, 2: second} | {3 + at: {name: 1.0} for at, name in enumerate(names)}
    rare = {name: sum(name in vector for vector in topics.values()) for name in names}
    topics |= {100 + at: {name: 1.0} for at, name in enumerate(n for n in names for _ in range(3 - rare[n]))}

    scores = {match.candidate: match.score for match in Candidates(topics, {}).rank(wanted, len(topics))}

    assert scores[1] >= scores.get(2, 0.0) - 1e-12


@given(vectors)
def test_rarities_when_fewer_have_a_topic_then_it_weighs_more(topics: Vectors) -> None:
    counts = {topic: sum(topic in vector for vector in topics.values()) for topic in TOPICS}

    found = rarities(topics.values())

    assert set(found) == {topic for topic, count in counts.items() if count}
    assert all(weight >= 1 for weight in found.values())
    by_count = sorted(found, key=lambda topic: counts[topic])
    assert [found[topic] for topic in by_count] == sorted(found.values(), reverse=True)


def test_rank_when_only_the_group_is_shared_then_the_reason_is_related_and_the_fit_less() -> None:
    candidates = Candidates({1: {"network": 1.0}, 2: {"cloud": 1.0}, 3: {"speech": 1.0}}, GROUPS)

    found = candidates.rank(["cloud"], 10)

    assert [(match.candidate, match.reasons) for match in found] == [
        (2, (Reason("shared", "cloud"),)),
        (1, (Reason("related", "network"),)),
    ]
    assert found[0].score > found[1].score


def test_rank_when_one_has_shared_and_related_topics_then_the_shared_come_first() -> None:
    candidates = Candidates({1: {"network": 1.0, "cloud": 0.35, "health": 1.0}}, GROUPS)

    [match] = candidates.rank(["cloud"], 10)

    assert match.reasons == (Reason("shared", "cloud"), Reason("related", "network"))


def test_rank_when_the_best_are_of_a_kind_then_another_kind_stands_among_them() -> None:
    alike = {each: {"cloud": 1.0} for each in range(1, 6)}
    candidates = Candidates(alike | {6: {"speech": 1.0}}, {})

    found = candidates.rank(["cloud", "speech"], 3)

    assert [match.candidate for match in found] == [6, 1, 2]


def test_rank_when_nothing_is_chosen_known_or_there_then_nothing() -> None:
    some = Candidates({1: {"cloud": 1.0}, 2: {}}, GROUPS)
    none = Candidates({}, GROUPS)
    found: list[list[Match]] = [
        some.rank([], 5),
        some.rank(["unheard-of"], 5),
        some.rank(["speech"], 5),
        some.rank(["cloud"], 0),
        none.rank(["cloud"], 5),
    ]

    assert found == [[], [], [], [], []]
