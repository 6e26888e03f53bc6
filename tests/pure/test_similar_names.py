"""A name typed by its owner is theirs in another order or script and with a typing error, and nobody else's."""

import pytest

from expo.pure.similar_names import is_similar_name


@pytest.mark.parametrize(
    ("typed", "name", "latin_name"),
    [
        ("张伟", "张伟", "Zhang Wei"),
        ("zhang wei", "张伟", ""),
        ("Wei Zhang", "张伟", "Zhang Wei"),
        ("zhangwei", "张伟", ""),
        ("張偉", "张伟", ""),
        ("OBrien", "Siân O'Brien", ""),
        ("sian obrian", "Siân O'Brien", ""),
        ("jurgen mueller", "Jürgen Müller", ""),
        ("Kowlaski", "Jan Kowalski", ""),
    ],
)
def test_name_when_typed_in_any_way_then_the_same(typed: str, name: str, latin_name: str) -> None:
    assert is_similar_name(typed, name, latin_name)


@pytest.mark.parametrize("typed", ["", "'", "Jan Smith", "Kow", "J", "Kowal", "Nowak"])
def test_name_when_another_or_only_its_beginning_then_not(typed: str) -> None:
    assert not is_similar_name(typed, "Jan Kowalski")
