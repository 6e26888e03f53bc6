import random

import pytest
from hypothesis import given, strategies as st

from expo.pure.codes import ALPHABET, make_code, normalize_code, show_code


def test_alphabet_when_read_out_then_no_sign_is_like_another() -> None:
    assert len(set(ALPHABET)) == len(ALPHABET) == 30
    assert not set("01OILU") & set(ALPHABET)


@given(st.integers())
def test_code_when_shown_and_typed_again_then_the_same(seed: int) -> None:
    code = make_code(8, random.Random(seed).choice)  # noqa: S311

    assert show_code(code) == f"{code[:4]}-{code[4:]}"
    assert normalize_code(f" {show_code(code).lower()} ") == code


@pytest.mark.parametrize("text", ["", "ABCD-EFG0", "ZOE", "张伟", "AB%CD"])
def test_normalize_when_no_code_then_empty(text: str) -> None:
    assert normalize_code(text) == ""
