import json
import re
import unicodedata
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from expo.demo.drawing import DATA, read_data
from expo.demo.people import DemoPerson, generate_people
from expo.pure.topics import bundled_topics

TOPICS = bundled_topics()
RESERVED = (".example", ".example.com", ".example.net", ".example.org")

HAN = "\u3400-\u9fff"
SCRIPTS = {
    "CN": rf"[{HAN}·]+",
    "HK": rf"[{HAN}]+|[A-Za-z’' -]+",
    "MO": rf"[{HAN}]+",
    "TW": rf"[{HAN}]+",
    "JP": rf"[{HAN}\u3040-\u30ff々]+ [{HAN}\u3040-\u30ff々]+",
    "KR": "[\uac00-\ud7a3]+",
    "TH": "[\u0e00-\u0e7f ]+",
    "SA": "[\u0621-\u064a ]+",
    "AE": "[\u0621-\u064a ]+|[A-Za-z -]+",
    "QA": "[\u0621-\u064a ]+",
    "EG": "[\u0621-\u064a ]+",
    "MA": "[\u0621-\u064a ]+",
    "TN": "[\u0621-\u064a ]+",
    "IL": "[\u05d0-\u05ea\u05be ]+|[A-Za-z -]+",
    "IN": "[\u0900-\u097f ]+|[A-Za-z.’ -]+",
    "RU": "[А-Яа-яЁё ]+",
    "UA": "[А-Яа-яІіЇїЄєҐґ ]+",
    "KZ": "[А-Яа-яЁёӘәҒғҚқҢңӨөҰұҮүҺһІі ]+",
    "BG": "[А-Яа-я ]+",
    "GR": "[\u0370-\u03ff ]+",
}


@pytest.fixture(scope="module")
def people() -> list[DemoPerson]:
    return list(generate_people(20_000, seed=1))


def test_generate_people_when_the_seed_is_the_same_then_the_people_are_the_same() -> None:
    assert list(generate_people(500, seed=7)) == list(generate_people(500, seed=7))


def test_generate_people_when_the_seed_differs_then_the_people_differ() -> None:
    ours, others = list(generate_people(500, seed=7)), list(generate_people(500, seed=8))
    assert sum(a == b for a, b in zip(ours, others, strict=True)) == 0


def test_generate_people_when_20000_then_most_countries_come_and_china_leads(people: list[DemoPerson]) -> None:
    countries = Counter(person.country for person in people)
    assert len(people) == 20_000
    assert len(countries) >= 60
    assert 0.60 < countries["CN"] / len(people) < 0.65
    assert all(number < countries["CN"] / 10 for country, number in countries.items() if country != "CN")


@pytest.mark.parametrize("seed", range(5))
def test_generate_people_when_2000_then_thirty_countries_come(seed: int) -> None:
    assert len({person.country for person in generate_people(2000, seed)}) >= 30


@pytest.mark.parametrize("country", sorted(SCRIPTS))
def test_names_when_a_country_has_its_script_then_they_are_written_in_it(
    people: list[DemoPerson], country: str
) -> None:
    names = [person.name for person in people if person.country == country]
    assert names
    assert [name for name in names if not re.fullmatch(SCRIPTS[country], name)] == []


def test_names_when_written_in_another_script_then_they_have_a_latin_form_and_otherwise_none(
    people: list[DemoPerson],
) -> None:
    for person in people:
        latin = all("LATIN" in unicodedata.name(char) for char in person.name if char.isalpha() and char != "ʻ")
        assert (person.latin_name is None) == latin, person
        if person.latin_name is not None:
            assert re.fullmatch("[A-Za-z' -]+", person.latin_name), person


def test_names_when_chinese_then_family_name_first_in_both_forms(people: list[DemoPerson]) -> None:
    families = dict(row.split("|") for row in read_data("names/zh-cn.json")["lists"]["family"])
    for person in people:
        if person.country == "CN" and "·" not in person.name:
            family = person.name[:2] if person.name[:2] in families else person.name[0]
            assert person.latin_name is not None
            assert person.latin_name.split()[0] == families[family]


def test_names_when_many_then_few_repeat(people: list[DemoPerson]) -> None:
    chinese = Counter(person.name for person in people if person.country == "CN")
    assert len(chinese) > 0.85 * chinese.total()
    assert chinese.most_common(1)[0][1] <= 15


def test_texts_when_printed_then_they_are_composed_and_hold_no_private_or_control_character(
    people: list[DemoPerson],
) -> None:
    for person in people:
        for text in (person.name, person.latin_name or "", person.company, person.job_title):
            assert text == unicodedata.normalize("NFC", text).strip()
            assert "{" not in text
            assert "  " not in text
            assert not {unicodedata.category(char) for char in text} & {"Cc", "Cf", "Cn", "Co", "Cs"}, text


def test_addresses_when_20000_then_each_is_unique_plain_and_under_a_reserved_domain(people: list[DemoPerson]) -> None:
    addresses = [person.email for person in people]
    assert len(set(addresses)) == len(addresses)
    for address in addresses:
        assert re.fullmatch(r"[a-z0-9]+(\.[a-z0-9]+)*@[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)+", address), address
        assert address.endswith(RESERVED), address


def test_companies_when_20000_then_several_people_come_from_most_and_none_is_overwhelming(
    people: list[DemoPerson],
) -> None:
    sizes = Counter(person.company for person in people if person.company)
    assert 2000 < len(sizes) < 6000
    assert sum(size > 1 for size in sizes.values()) > 0.5 * len(sizes)
    assert sizes.most_common(1)[0][1] < 0.02 * len(people)
    assert 0.01 < sum(not person.company for person in people) / len(people) < 0.06
    assert all(person.job_title for person in people)


def test_companies_when_colleagues_write_from_work_then_they_share_a_domain(people: list[DemoPerson]) -> None:
    private = ("mail.example.com", "post.example.net", "inbox.example.org", "letters.example")
    domains: dict[tuple[str, str], set[str]] = {}
    for person in people:
        domain = person.email.partition("@")[2]
        if domain not in private:
            domains.setdefault((person.country, person.company), set()).add(domain)
    assert all(len(found) <= 2 for found in domains.values())
    assert sum(len(found) == 1 for found in domains.values()) > 0.98 * len(domains)


def test_interests_when_drawn_then_two_to_seven_different_known_topics(people: list[DemoPerson]) -> None:
    for person in people:
        assert 2 <= len(person.interests) <= 7
        assert len(set(person.interests)) == len(person.interests)
        assert set(person.interests) <= TOPICS.codes
    drawn = {topic.code for topic in TOPICS.topics if not topic.parent and topic.group != "services"}
    assert {code for person in people for code in person.interests} == drawn


@pytest.mark.parametrize(
    ("liked", "related", "unrelated"),
    [
        ("data-governance", "privacy", "gaming"),
        ("cloud-native", "observability", "tourism"),
        ("energy", "sustainability", "programming"),
    ],
)
def test_interests_when_related_then_they_come_together(
    people: list[DemoPerson], liked: str, related: str, unrelated: str
) -> None:
    def share_of(topic: str, crowd: list[DemoPerson]) -> float:
        return sum(topic in person.interests for person in crowd) / len(crowd)

    fans = [person for person in people if liked in person.interests]
    assert share_of(related, fans) > 1.5 * share_of(related, people)
    assert share_of(unrelated, fans) < share_of(unrelated, people)


def test_name_lists_when_shipped_then_each_is_used_and_each_row_is_whole() -> None:
    used = {part["names"] for country in read_data("countries.json") for part in country["people"]}
    shipped = {path.stem for path in (DATA / "names").glob("*.json")}
    assert shipped == used
    for key in shipped:
        for rows in read_data(f"names/{key}.json")["lists"].values():
            assert rows
            assert all(row.count("|") <= 1 and row == unicodedata.normalize("NFC", row.strip()) for row in rows)


def test_gendered_lists_when_one_form_exists_then_the_other_does_too() -> None:
    for path in (DATA / "names").glob("*.json"):
        keys = set(json.loads(path.read_text(encoding="utf-8"))["lists"])
        assert {key[:-2] for key in keys if key.endswith("_m")} == {key[:-2] for key in keys if key.endswith("_f")}


def test_data_files_when_shipped_then_the_notice_names_each() -> None:
    notice = (DATA / "NOTICE.md").read_text(encoding="utf-8")
    assert [path.name for path in DATA.iterdir() if path.name not in notice] == []
    assert (Path(DATA) / "LICENSE.faker.txt").read_text(encoding="utf-8").startswith("Copyright (c)")


def test_countries_when_listed_then_codes_are_unique_and_the_largest_is_first() -> None:
    countries = read_data("countries.json")
    codes = [country["code"] for country in countries]
    assert len(set(codes)) == len(codes) >= 40
    assert all(countries[0]["weight"] > later["weight"] for _, later in pairwise(countries))
