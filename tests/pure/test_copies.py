"""Names of copies."""

import pytest

from expo.pure.copies import name_copy


@pytest.mark.parametrize(
    ("name", "taken", "expected"),
    [
        ({"en": "Room 1", "zh": "一号厅"}, [], {"en": "Room 1 (2)", "zh": "一号厅（2）"}),
        ({"en": "Room 1"}, [{"en": "Room 1"}, {"en": "room 1 (2)"}], {"en": "Room 1 (3)"}),
        ({"en": "Room 1 (2)"}, [{"en": "Room 1"}, {"en": "Room 1 (2)"}], {"en": "Room 1 (3)"}),
        ({"en": "Talk (20)"}, [{"en": "Talk (20)"}], {"en": "Talk (20) (2)"}),
        ({"en": "A", "zh": "甲"}, [{"zh": "甲（2）"}], {"en": "A (3)", "zh": "甲（3）"}),
    ],
)
def test_name_when_copied_then_numbered_until_free(
    name: dict[str, str], taken: list[dict[str, str]], expected: dict[str, str]
) -> None:
    assert name_copy(name, taken) == expected
