"""The topic list, and what may be chosen from it. Pure."""

from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from expo.errors import Invalid
from expo.pure.topics import TopicList, name_in, parse_topics

MAX_INTERESTS = 12
# A topic that is only mentioned in a text says less about a company than one of its categories.
MENTION_WEIGHT = 0.35


@cache
def topic_list() -> TopicList:
    """Return the topics, read once per process."""
    return parse_topics(files("expo.matchmaking").joinpath("data/topics.json").read_text(encoding="utf-8"))


@cache
def topic_groups() -> dict[str, str]:
    """Return the group of each topic."""
    return {topic.code: topic.group for topic in topic_list().topics}


@cache
def topic_name(code: str, language: str) -> str:
    """Return a topic's name in a language, falling back to English."""
    topic = next((each for each in topic_list().topics if each.code == code), None)
    return name_in(topic.names, language) if topic else code


def check_interests(codes: Iterable[str]) -> tuple[str, ...]:
    """Return the distinct chosen topics. Raises Invalid `topic_unknown` or `topics_too_many`."""
    chosen = tuple(dict.fromkeys(codes))
    for code in chosen:
        if code not in topic_list().codes:
            raise Invalid("topic_unknown", field="topics", topic=code[:48])
    if len(chosen) > MAX_INTERESTS:
        raise Invalid("topics_too_many", field="topics", maximum=MAX_INTERESTS)
    return chosen
