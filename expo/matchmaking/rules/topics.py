"""How much a topic found in a text counts. Pure."""

from collections.abc import Iterable

from expo.pure.topics import TopicList, match_topics

# A topic that is only mentioned in a text says less about a company than one of its categories.
MENTION_WEIGHT = 0.35


def weigh_topics(certain: Iterable[str], mentioned: Iterable[str], topics: TopicList) -> dict[str, float]:
    """Return the topics of a company or session with their weights."""
    weights = dict.fromkeys(sorted(match_topics(mentioned, topics)), MENTION_WEIGHT)
    weights.update(dict.fromkeys(sorted(match_topics(certain, topics)), 1.0))
    return weights
