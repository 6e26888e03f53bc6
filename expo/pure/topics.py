"""The controlled topic tree: parsing it, naming a topic in a language, and finding topics in free text.

The tree has groups, topics and subtopics. What names a subtopic also says something about its topic: matching
weighs that. `bundled_topics` is the tree that the product comes with; editions may change it (expo/exhibitors).

People of different languages choose the same codes, so a Chinese visitor and a French company can be matched without
translation. Companies and sessions come with free text (categories, tracks, titles); `match_topics` maps it
onto the codes by the keywords of the list.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

BUNDLED_FILE = Path(__file__).parent / "data" / "topics.json"
# Scripts written without spaces between words, or (Hangul) with suffixes: a keyword may occur anywhere in the text. In
# other scripts keywords must match whole words.
_UNSPACED = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_WORD = re.compile(r"[^\W_]+")
_TRADITIONAL_REGIONS = frozenset({"TW", "HK", "MO"})


@dataclass(frozen=True)
class TopicGroup:
    """A heading for topics."""

    code: str
    names: Mapping[str, str]


@dataclass(frozen=True)
class Topic:
    """A topic of a company or session, and a possible interest of a person."""

    code: str
    group: str
    names: Mapping[str, str]
    keywords: tuple[str, ...]
    # The topic that this one is a part of; empty directly under a group.
    parent: str = ""
    # Hidden topics keep their names where they were chosen, but can no longer be chosen.
    is_hidden: bool = False


@dataclass(frozen=True)
class TopicList:
    """Groups and topics in the order in which they are shown."""

    groups: tuple[TopicGroup, ...]
    topics: tuple[Topic, ...]

    @cached_property
    def codes(self) -> frozenset[str]:
        """All topic codes."""
        return frozenset(self.by_code)

    @cached_property
    def by_code(self) -> Mapping[str, Topic]:
        """The topics by their codes."""
        return {topic.code: topic for topic in self.topics}

    @cached_property
    def choices(self) -> frozenset[str]:
        """The codes of the topics that can be chosen: those that are not hidden."""
        return frozenset(topic.code for topic in self.topics if not topic.is_hidden)

    def name(self, code: str, language: str) -> str:
        """Return a topic's name in a language, falling back to English, and to the code of an unknown topic."""
        topic = self.by_code.get(code)
        return name_in(topic.names, language) if topic else code

    @cached_property
    def matcher(self) -> "TopicMatcher":
        """The compiled keywords, cached with the list."""
        return TopicMatcher(self.topics)


class TopicMatcher:
    """Compiled keywords: one dictionary lookup per word, and one pattern for unspaced scripts."""

    def __init__(self, topics: Iterable[Topic]) -> None:
        codes_by_keyword: dict[str, set[str]] = {}
        for topic in topics:
            for keyword in topic.keywords:
                codes_by_keyword.setdefault(_fold(keyword), set()).add(topic.code)
        self._codes = {keyword: frozenset(codes) for keyword, codes in codes_by_keyword.items()}
        longest_first = sorted(self._codes, key=len, reverse=True)
        unspaced = [keyword for keyword in longest_first if _UNSPACED.search(keyword)]
        self._unspaced = re.compile("|".join(map(re.escape, unspaced))) if unspaced else None
        self._phrases: dict[str, list[str]] = {}
        for keyword in longest_first:
            first = _WORD.match(keyword)
            if first and not _UNSPACED.search(keyword):
                self._phrases.setdefault(first[0], []).append(keyword)

    def find(self, text: str) -> set[str]:
        """Return the codes of all topics named in the text; of overlapping keywords the longest counts."""
        folded = _fold(text)
        found: set[str] = set()
        if self._unspaced:
            for hit in self._unspaced.finditer(folded):
                found |= self._codes[hit[0]]
        end = 0
        for word in _WORD.finditer(_UNSPACED.sub(" ", folded)):
            if word.start() < end:
                continue
            for phrase in self._phrases.get(word[0], ()):
                stop = word.start() + len(phrase)
                if folded.startswith(phrase, word.start()) and not _continues(folded, stop):
                    found |= self._codes[phrase]
                    end = stop
                    break
        return found


@cache
def bundled_topics() -> TopicList:
    """Return the topics that the product comes with, read once per process."""
    return parse_topics(BUNDLED_FILE.read_text(encoding="utf-8"))


def parse_topics(text: str) -> TopicList:
    """Parse a topic list in JSON; refuse duplicate codes, unknown groups or parents, and topics without a name.

    A topic names its group, a subtopic its parent, which comes before it.
    """
    data = json.loads(text)
    groups = tuple(TopicGroup(group["code"], group["names"]) for group in data["groups"])
    parents = {topic["code"]: topic["group"] for topic in data["topics"] if "group" in topic}
    topics = tuple(
        Topic(
            topic["code"],
            topic["group"] if "group" in topic else parents.get(topic["parent"], topic["parent"]),
            topic["names"],
            tuple(topic["keywords"]),
            topic.get("parent", ""),
        )
        for topic in data["topics"]
    )
    group_codes = {group.code for group in groups}
    if len(group_codes) < len(groups) or len({topic.code for topic in topics}) < len(topics):
        raise ValueError("a code occurs twice in the topic list")
    for topic in topics:
        if topic.group not in group_codes:
            raise ValueError(f"topic {topic.code} is in the unknown group {topic.group}")
    for code, names in [(g.code, g.names) for g in groups] + [(t.code, t.names) for t in topics]:
        if not names.get("en"):
            raise ValueError(f"{code} has no English name")
    return TopicList(groups, topics)


def match_topics(texts: Iterable[str], topics: TopicList) -> set[str]:
    """Return the codes of all topics named in any of the texts (categories, tracks, titles, descriptions)."""
    found: set[str] = set()
    for text in texts:
        found |= topics.matcher.find(text)
    return found


def name_in(names: Mapping[str, str], language: str) -> str:
    """Return the name in a language given as BCP 47 or as a locale ("zh-Hant-TW", "pt_BR"), otherwise in English."""
    parts = language.replace("_", "-").split("-")
    base = parts[0].lower()
    traditional = any(part.title() == "Hant" or part.upper() in _TRADITIONAL_REGIONS for part in parts[1:])
    if base == "zh" and traditional and "Hans" not in {part.title() for part in parts[1:]}:
        return names.get("zh_Hant") or names.get("zh") or names["en"]
    return names.get(base) or names["en"]


def _fold(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _continues(text: str, stop: int) -> bool:
    """Whether the word continues at `stop`, so that only its beginning matched."""
    following = text[stop : stop + 1]
    return bool(_WORD.match(following)) and not _UNSPACED.match(following)
