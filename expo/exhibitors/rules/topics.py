"""The topics of an edition: the bundled ones with its changes, and what may be chosen from them. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from expo.errors import Invalid
from expo.formats.errors import BadFile
from expo.formats.headers import columns_of, map_columns
from expo.formats.tables import Problem
from expo.formats.uploads import read_uploaded_table
from expo.pure.fields import clean_text
from expo.pure.topics import Topic, TopicList, bundled_topics

MAX_TOPICS = 12
MAX_CODE_LENGTH = 48
MAX_TOPIC_NAME_LENGTH = 80
MAX_KEYWORDS = 40
# The columns of a file of topics, and what else they may be called.
TOPIC_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "code": ("code", "id", "代码"),
    "parent": ("parent", "group", "上级"),
    "name_en": ("name_en", "english", "name", "英文名称"),
    "name_zh": ("name_zh", "chinese", "中文名称"),
    "keywords": ("keywords", "关键词"),
    "hidden": ("hidden", "隐藏"),
}
_TRUE = frozenset({"1", "yes", "y", "true", "x", "是"})


class TopicKind(StrEnum):
    """Whether a topic is offered or sought."""

    OFFERS = "offers"
    SEEKS = "seeks"


@dataclass(frozen=True)
class TopicRequest:
    """A topic as an organizer wants it; without a code it is added. `parent` is a group or a topic under one."""

    parent: str
    names: Mapping[str, str]
    keywords: tuple[str, ...] = ()
    is_hidden: bool = False
    code: str = ""


@dataclass(frozen=True)
class TopicChange:
    """What an edition changes about a bundled topic, or a topic that it adds."""

    code: str
    # The code of a group or of a topic directly under a group; empty if unchanged.
    parent: str = ""
    names: tuple[tuple[str, str], ...] = ()
    keywords: tuple[str, ...] = ()
    is_hidden: bool = False


# Lists are large and compile their keywords, so the ones in use are kept.
@lru_cache(maxsize=16)
def apply_changes(changes: tuple[TopicChange, ...]) -> TopicList:
    """Return the bundled topics with an edition's changes; subtopics follow their topic."""
    bundled = bundled_topics()
    by_code = {topic.code: topic for topic in bundled.topics}
    for change in changes:
        by_code[change.code] = _changed(by_code.get(change.code), change)
    groups = {group.code for group in bundled.groups}
    placed = {code: _place(topic, by_code, groups) for code, topic in by_code.items()}
    tops = [topic for topic in placed.values() if not topic.parent]
    rank = {group.code: position for position, group in enumerate(bundled.groups)}
    tops.sort(key=lambda topic: rank[topic.group])
    children: dict[str, list[Topic]] = {}
    for topic in placed.values():
        children.setdefault(topic.parent, []).append(topic)
    ordered = [each for top in tops for each in (top, *children.get(top.code, ()))]
    return TopicList(bundled.groups, tuple(ordered))


def check_topics(codes: Iterable[str], topics: TopicList, field: str = "topics") -> tuple[str, ...]:
    """Return the distinct chosen topics. Raises Invalid `topic_unknown` or `topics_too_many`."""
    chosen = tuple(dict.fromkeys(codes))
    for code in chosen:
        if code not in topics.choices:
            raise Invalid("topic_unknown", field=field, topic=code[:48])
    if len(chosen) > MAX_TOPICS:
        raise Invalid("topics_too_many", field=field, maximum=MAX_TOPICS)
    return chosen


def read_topic(cells: Mapping[str, str]) -> TopicRequest:
    """Parse a row of a file of topics."""
    names = {"en": cells.get("name_en", ""), "zh": cells.get("name_zh", "")}
    return TopicRequest(
        parent=cells.get("parent", "").strip(),
        names=names,
        keywords=tuple(re.split(r"[;；,，\n]", cells.get("keywords", ""))),
        is_hidden=cells.get("hidden", "").strip().casefold() in _TRUE,
        code=cells.get("code", "").strip(),
    )


def check_topic_request(request: TopicRequest) -> TopicRequest:
    """Return a topic for storage. Raises Invalid `name_empty`, `text_too_long`, `slug_invalid`, `choices_too_many`."""
    names = {language: name for language, text in request.names.items() if (name := clean_text(text))}
    if not names:
        raise Invalid("name_empty", field="names")
    keywords = tuple(dict.fromkeys(word for each in request.keywords if (word := clean_text(each).lower())))
    if any(len(text) > MAX_TOPIC_NAME_LENGTH for text in (*names.values(), *keywords)):
        raise Invalid("text_too_long", field="names", maximum=MAX_TOPIC_NAME_LENGTH)
    if len(keywords) > MAX_KEYWORDS:
        raise Invalid("choices_too_many", field="keywords", maximum=MAX_KEYWORDS)
    if len(request.code) > MAX_CODE_LENGTH or not re.fullmatch(r"[\w-]*", request.code):
        raise Invalid("slug_invalid", field="code")
    return replace(request, names=names, keywords=keywords)


def check_place(code: str, parent: str, topics: TopicList) -> None:
    """Check that a topic may be placed under a group or topic: the tree has two levels. Raises Invalid."""
    if parent in {group.code for group in topics.groups}:
        return
    above = topics.by_code.get(parent)
    has_parts = any(topic.parent == code for topic in topics.topics)
    if above is None or above.parent or parent == code or has_parts:
        raise Invalid("topic_parent_invalid", field="parent", parent=parent[:MAX_CODE_LENGTH])


@dataclass(frozen=True)
class TopicImport:
    """The topics that a file asks for, and the lines that cannot be imported."""

    requests: tuple[TopicRequest, ...]
    problems: tuple[Problem, ...]


def read_topics(data: bytes) -> TopicImport:
    """Parse a file of topics, as exported. Raises BadFile if it cannot be read or has no column of names."""
    table = read_uploaded_table(data, "", "", columns_of(TOPIC_COLUMNS)).table
    columns = map_columns(table, TOPIC_COLUMNS)
    if not {"name_en", "name_zh"} & columns.keys():
        raise BadFile("table_column_missing", 1, field="name_en", columns=", ".join(table.columns))
    requests: list[TopicRequest] = []
    problems: list[Problem] = []
    for row in table.rows:
        try:
            cells = {name: row.cells.get(column, "") for name, column in columns.items()}
            requests.append(check_topic_request(read_topic(cells)))
        except Invalid as error:
            column = columns.get(str(error.params.get("field")))
            problems.append(Problem(row.line, column, error.code, dict(error.params), dict(row.cells)))
    return TopicImport(tuple(requests), tuple(problems))


def _changed(topic: Topic | None, change: TopicChange) -> Topic:
    """Return a topic with a change; its group is settled by `_place`."""
    if topic is None:
        names = dict(change.names)
        return Topic(change.code, "", {"en": change.code, **names}, change.keywords, change.parent, change.is_hidden)
    return replace(
        topic,
        names={**topic.names, **dict(change.names)},
        keywords=tuple(dict.fromkeys((*topic.keywords, *change.keywords))),
        parent=change.parent or topic.parent or topic.group,
        is_hidden=change.is_hidden,
    )


def _place(topic: Topic, by_code: dict[str, Topic], groups: set[str]) -> Topic:
    """Return a topic with its group and, for a subtopic, the topic directly under a group that it belongs to."""
    parent, seen = topic.parent or topic.group, {topic.code}
    top = ""
    while parent not in groups and parent in by_code and parent not in seen:
        seen.add(parent)
        top = parent
        parent = by_code[parent].parent or by_code[parent].group
    group = parent if parent in groups else "business"
    return replace(topic, group=group, parent=top)
