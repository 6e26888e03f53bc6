"""The topics of the edition as shown: by group in the reader's language, for pickers and filters."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from flask import g

from expo.exhibitors.queries import list_topics
from expo.pure.topics import TopicList, name_in
from expo.web.kit.access import current_edition
from expo.web.kit.formats import number
from expo.web.kit.language import current_language


@dataclass(frozen=True)
class ShownTopic:
    """A topic in the reader's language. `is_part` marks a subtopic, `words` are the other names to search by."""

    code: str
    name: str
    is_part: bool
    words: str


# The topics that a list can be narrowed by, per group: (code, name with its count, whether it is chosen).
ShownChoices = list[tuple[str, list[tuple[str, str, bool]]]]


@dataclass(frozen=True)
class ShownGroup:
    """A group of topics in the reader's language, and how many of them are chosen."""

    name: str
    topics: tuple[ShownTopic, ...]
    chosen: int


def topic_groups(chosen: Collection[str] = ()) -> list[ShownGroup]:
    """Return the topics that can be chosen, by group; hidden ones only if they are chosen already."""
    language, topics = current_language().tag, current_topics()
    found = []
    for group in topics.groups:
        shown = [
            ShownTopic(
                each.code,
                name_in(each.names, language),
                bool(each.parent),
                " ".join({each.names.get(code, "") for code in ("en", "zh")}).lower(),
            )
            for each in topics.topics
            if each.group == group.code and (not each.is_hidden or each.code in chosen)
        ]
        if shown:
            count = sum(each.code in chosen for each in shown)
            found.append(ShownGroup(name_in(group.names, language), tuple(shown), count))
    return found


def show_topic_choices(topics: TopicList, counts: Mapping[str, int], chosen: str) -> ShownChoices:
    """Return the counted topics and the chosen one, by group; subtopics are indented under their topic."""
    language = current_language().tag
    by_group: dict[str, list[tuple[str, str, bool]]] = {}
    for each in topics.topics:
        if each.code in counts or each.code == chosen:
            name = f"{name_in(each.names, language)} ({number(counts.get(each.code, 0))})"
            indent = "\u2003" if each.parent else ""
            by_group.setdefault(each.group, []).append((each.code, indent + name, each.code == chosen))
    return [(name_in(group.names, language), by_group[group.code]) for group in topics.groups if group.code in by_group]


def topic_name(code: str) -> str:
    """Return the name of a topic in the reader's language."""
    return current_topics().name(code, current_language().tag)


def current_topics() -> TopicList:
    """Return the topics of the edition shown, read once per request."""
    if "topics" not in g:
        g.topics = list_topics(current_edition().id)
    topics: TopicList = g.topics
    return topics
