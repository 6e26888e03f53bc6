import csv
import json
import re
import unicodedata
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from expo.pure.topics import Topic, TopicGroup, TopicList, match_topics, name_in, parse_topics
from tests.conftest import shared_file

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "expo/pure/data/topics.json").read_text(encoding="utf-8")
TOPICS = parse_topics(TEXT)
LANGUAGES = {
    *("en", "zh", "zh_Hant", "ja", "ko", "ar", "he", "fr", "de", "es", "pt", "ru", "hi", "th", "vi", "id", "tr"),
    *("el", "it"),
}
SCRIPTS = {
    "zh": "\u4e00-\u9fff", "zh_Hant": "\u4e00-\u9fff", "ja": "\u3040-\u30ff\u4e00-\u9fff", "ko": "\uac00-\ud7a3",
    "ar": "\u0621-\u064a", "he": "\u05d0-\u05ea", "ru": "а-яА-Я", "hi": "\u0900-\u097f", "th": "\u0e00-\u0e7f",
}  # fmt: skip


def small(**keywords: tuple[str, ...]) -> TopicList:
    topics = tuple(Topic(code, "all", {"en": code}, words) for code, words in keywords.items())
    return TopicList((TopicGroup("all", {"en": "All"}),), topics)


def test_topic_list_when_shipped_then_each_has_its_names_in_the_script_of_their_language() -> None:
    for code, names in ((each.code, each.names) for kind in (TOPICS.groups, TOPICS.topics) for each in kind):
        assert {"en", "zh"} <= set(names) <= LANGUAGES, code
        for language, name in names.items():
            assert name == unicodedata.normalize("NFC", name.strip())
            assert name
            if language in SCRIPTS and not name.isascii():
                assert re.search(f"[{SCRIPTS[language]}]", name), (language, name)
        assert re.search(f"[{SCRIPTS['zh']}]", names["zh"]), code


def test_topic_list_when_shipped_then_hundreds_of_topics_in_a_tree_with_names_that_tell_them_apart() -> None:
    tops = [topic for topic in TOPICS.topics if not topic.parent]
    assert len(TOPICS.groups) == 10
    assert len(TOPICS.topics) >= 300
    assert {topic.group for topic in tops} == {group.code for group in TOPICS.groups}
    assert {topic.parent for topic in TOPICS.topics} - {""} == {topic.code for topic in tops}
    assert all(topic.group == TOPICS.by_code[topic.parent].group for topic in TOPICS.topics if topic.parent)
    assert all(len(topic.code) <= 48 for topic in TOPICS.topics)
    for language in ("en", "zh"):
        names = [topic.names[language] for topic in TOPICS.topics]
        assert len(set(names)) == len(names), language


def test_topic_list_when_shipped_then_keywords_are_lower_case_and_find_their_topic() -> None:
    for topic in TOPICS.topics:
        for keyword in topic.keywords:
            assert keyword == keyword.lower().strip()
            assert topic.code in match_topics([keyword], TOPICS), keyword


def test_topic_list_when_a_name_is_matched_in_english_or_chinese_then_most_find_themselves() -> None:
    for language, wanted in (("en", 0.9), ("zh", 0.85)):
        found = [topic.code in match_topics([topic.names[language]], TOPICS) for topic in TOPICS.topics]
        assert sum(found) >= wanted * len(found), language


def test_match_topics_when_exhibitors_come_then_each_category_finds_a_topic() -> None:
    with (ROOT / "expo/demo/data/exhibitors.csv").open(encoding="utf-8", newline="") as file:
        categories = {part.strip() for row in csv.DictReader(file) for part in row["Product_Categories"].split(";")}
    assert len(categories) == 49
    assert [category for category in sorted(categories) if not match_topics([category], TOPICS)] == []


def test_match_topics_when_the_demo_schedule_comes_then_its_tracks_find_a_topic_but_for_the_general_ones() -> None:
    tree = ET.parse(ROOT / "tests/data/fosdem-2024.xml")  # noqa: S314 (our own file)
    tracks = {event.findtext("track") or "" for event in tree.iter("event")}
    assert len(tracks) > 50
    assert {track for track in tracks if not match_topics([track], TOPICS)} <= {"Lightning talks", "Keynotes"}


def test_match_topics_when_another_schedule_comes_then_most_types_find_a_topic() -> None:
    types = json.loads(shared_file("schedules/coscup-2023.json").read_text(encoding="utf-8"))["session_types"]
    unmatched = [kind for kind in types if not match_topics([kind["zh"]["name"], kind["en"]["name"]], TOPICS)]
    assert len(unmatched) <= 0.15 * len(types)


def test_match_topics_when_a_keyword_is_part_of_a_longer_word_then_it_is_not_found() -> None:
    topics = small(ai=("ai",), chips=("chip",))
    assert match_topics(["said Kai: chipset, maize"], topics) == set()
    assert match_topics(["AI/chip"], topics) == {"ai", "chips"}


def test_match_topics_when_text_has_no_spaces_then_keywords_are_found_inside() -> None:
    topics = small(data=("数据要素",), ai=("人工智能", "ai"))
    assert match_topics(["贵州数据要素市场与人工智能"], topics) == {"data", "ai"}
    assert match_topics(["用AI治理"], topics) == {"ai"}


def test_match_topics_when_keywords_overlap_then_the_longest_counts() -> None:
    topics = small(cloud=("cloud computing",), power=("computing",))
    assert match_topics(["Cloud  computing"], topics) == {"cloud"}
    assert match_topics(["Cloud computing, computing"], topics) == {"cloud", "power"}


def test_match_topics_when_width_and_case_differ_then_still_found() -> None:
    assert match_topics(["ＡＩ and Straße"], small(ai=("ai",), road=("STRASSE",))) == {"ai", "road"}


def test_match_topics_when_two_topics_share_a_keyword_then_both_are_found() -> None:
    assert match_topics(["robots"], small(a=("robots",), b=("robots",))) == {"a", "b"}


def test_match_topics_when_nothing_is_said_then_nothing_is_found() -> None:
    assert match_topics([], TOPICS) == set()
    assert match_topics(["", "   ", "qwertz"], TOPICS) == set()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda data: data["topics"].append(data["topics"][0]), "twice"),
        (lambda data: data["topics"][0].update(group="nowhere"), "unknown group nowhere"),
        (lambda data: data["topics"][1].update(parent="nowhere"), "unknown group nowhere"),
        (lambda data: data["topics"][0]["names"].pop("en"), "no English name"),
    ],
)
def test_parse_topics_when_the_list_is_broken_then_refused(change: object, message: str) -> None:
    data = json.loads(TEXT)
    assert callable(change)
    change(data)
    with pytest.raises(ValueError, match=message):
        parse_topics(json.dumps(data))


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("zh", "简"), ("zh-Hans-CN", "简"), ("zh_Hans_HK", "简"), ("zh-Hant", "繁"), ("zh_TW", "繁"), ("zh-HK", "繁"),
        ("pt-BR", "pt"), ("xx", "en"), ("en-GB", "en"),
    ],
)  # fmt: skip
def test_name_in_when_a_language_is_asked_for_then_the_nearest_is_given(language: str, expected: str) -> None:
    assert name_in({"en": "en", "pt": "pt", "zh": "简", "zh_Hant": "繁"}, language) == expected
