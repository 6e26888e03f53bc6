"""Words are found by how they begin and with typing errors, exactly as if each were compared."""

from hypothesis import given, strategies as st
from rapidfuzz.distance import OSA

from expo.pure.similar import allowed_errors
from expo.pure.word_index import WordIndex

TEXTS = {1: " zhang wei data valley", 2: " wang wei", 3: " kowalski jan k7qm2x9p", 4: " 张伟 zhangwei", 5: " zhao"}
words = st.text("abeinz7张", min_size=1, max_size=9)
texts = st.dictionaries(st.integers(1, 9), st.lists(words, max_size=6).map(" ".join), max_size=9)


def index_of(texts: dict[int, str]) -> WordIndex:
    index = WordIndex()
    index.add(texts.items())
    return index


def compared_one_by_one(texts: dict[int, str], term: str) -> dict[int, int]:
    found: dict[int, int] = {}
    for number, text in texts.items():
        for word in text.split():
            distance = 0 if word.startswith(term) else int(OSA.distance(word, term))
            if distance <= allowed_errors(term):
                found[number] = min(distance, found.get(number, distance))
    return found


def test_find_when_words_begin_with_every_term_of_a_way_then_found() -> None:
    index = index_of(TEXTS)

    found = [index.find(ways) for ways in ([["zha"]], [["wei", "wang"]], [["zhang", "wei"], ["zhangwei"]], [["张"]])]

    assert found == [{1, 4, 5}, {2}, {1, 4}, {4}]
    assert index.find([["nobody"]]) == set()


def test_find_similar_when_letters_are_missing_swapped_or_wrong_then_found_with_the_distance() -> None:
    index = index_of(TEXTS)

    found = [index.find_similar([[term]]) for term in ("kowlaski", "zhagn", "wnag", "vally", "xxxx")]

    assert found == [{3: 1}, {1: 1}, {2: 1}, {1: 1}, {}]


def test_add_when_a_text_changes_then_its_new_words_are_found_too() -> None:
    index = index_of(TEXTS)

    index.add([(2, " zhou wei"), (5, TEXTS[5])])

    assert (index.find([["zhou"]]), index.find([["zhao"]])) == ({2}, {5})


def test_find_when_a_term_begins_thousands_of_words_then_it_narrows_nothing_down() -> None:
    index = index_of({number: f"a{number} b{number % 2}" for number in range(4000)})

    assert index.find([["a"]]) is None
    assert index.find([["a", "b1"]]) == set(range(1, 4000, 2))


@given(texts, st.text("abeinz", min_size=1, max_size=9))
def test_find_similar_when_compared_one_by_one_then_the_same(texts: dict[int, str], term: str) -> None:
    index = index_of(texts)

    assert index.find_similar([[term]]) == compared_one_by_one(texts, term)
    assert index.find([[term]]) == {n for n, text in texts.items() if any(w.startswith(term) for w in text.split())}
