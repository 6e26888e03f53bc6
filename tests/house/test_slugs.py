"""No slug can be a word that has the same place in an address, where its page could never be reached."""

import pytest
from flask import Flask

from expo.pure.slugs import RESERVED, make_slug

SLUGS = ("<slug>", "<room>", "<id>", "<company>")


def test_words_next_to_slugs_in_urls_when_listed_then_all_are_reserved(app: Flask) -> None:
    paths = [rule.rule.split("/") for rule in app.url_map.iter_rules()]
    places = {tuple(path[: path.index(part)]) for path in paths for part in SLUGS if part in path}

    beside = {
        path[len(place)]
        for place in places
        for path in paths
        if tuple(path[: len(place)]) == place and len(path) > len(place) and "<" not in path[len(place)]
    }

    assert len(places) > 10
    assert {word for word in beside if word and "." not in word} - RESERVED == set()


@pytest.mark.parametrize("word", ["New", "new", "NEW!", "Open"])
def test_slug_when_the_text_is_a_reserved_word_then_numbered(word: str) -> None:
    taken: set[str] = set()

    slugs = [make_slug(word, taken) for _ in range(2)]

    assert slugs == [f"{word.casefold().strip('!')}-{number}" for number in (2, 3)]
    assert taken == set(slugs)
