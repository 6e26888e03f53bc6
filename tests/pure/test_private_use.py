from expo.pure.fields import clean_text
from expo.pure.private_use import replace_private_use_characters


def test_name_when_typed_with_private_numbers_then_stored_with_public_ones() -> None:
    assert replace_private_use_characters("张\ue863 \ue816") == "张䶮 \U00020087"
    assert clean_text("张\ue863") == "张䶮"


def test_name_when_it_has_letters_that_are_not_known_here_then_none_is_dropped() -> None:
    assert clean_text("李\ue5e5 \U00031350 葛\U000e0100") == "李\ue5e5 \U00031350 葛\U000e0100"
