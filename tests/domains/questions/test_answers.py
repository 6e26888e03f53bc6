"""What a form accepts, field by field, and when a field is shown."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, strategies as st

from expo.questions.rules import (
    AnswerFault,
    Condition,
    Field,
    FieldKind,
    Given,
    Limits,
    Operator,
    Option,
    check_answers,
    check_draft,
    list_shown,
)


def make_field(key: str, kind: FieldKind = FieldKind.TEXT, **values: Any) -> Field:
    return Field(key=key, kind=kind, label={"en": key.title()}, **values)


def options(*keys: str) -> tuple[Option, ...]:
    return tuple(Option(key, {"en": key.title()}) for key in keys)


@pytest.mark.parametrize(
    ("field", "answer", "stored"),
    [
        (make_field("a"), "  数据   谷 ", "数据 谷"),
        (make_field("a"), "a\x00b\x1f", "ab"),
        (make_field("a", FieldKind.LONG_TEXT), "one\r\ntwo\n", "one\ntwo"),
        (make_field("a", FieldKind.NUMBER), "٣٫٥".replace("٫", "."), "3.5"),
        (make_field("a", FieldKind.NUMBER), "12,50", "12.5"),
        (make_field("a", FieldKind.NUMBER), 100, "100"),
        (make_field("a", FieldKind.DATE), "2027-05-26", "2027-05-26"),
        (make_field("a", FieldKind.SINGLE_CHOICE, options=options("x", "y")), ["y"], "y"),
        (make_field("a", FieldKind.MULTIPLE_CHOICE, options=options("x", "y", "z")), ["z", "x", "z"], ["x", "z"]),
        (make_field("a", FieldKind.COUNTRY), "cn", "CN"),
        (make_field("a", FieldKind.PHONE), "+86 851 8888 9999", "+8685188889999"),
        (make_field("a", FieldKind.PHONE), "0851 8888 9999", "+8685188889999"),
        (make_field("a", FieldKind.URL), "example.org/a", "https://example.org/a"),
        (make_field("a", FieldKind.FILE), "0" * 32, "0" * 32),
        (make_field("a", FieldKind.CONSENT), "on", True),
    ],
)
def test_answer_when_well_formed_then_stored_in_its_one_form(field: Field, answer: Given, stored: object) -> None:
    checked = check_answers([field], {"a": answer}, region="CN")

    assert (checked.values, checked.faults) == ({"a": stored}, ())


@pytest.mark.parametrize(
    ("field", "answer", "code"),
    [
        (make_field("a", limits=Limits(maximum=Decimal(3))), "abcd", "answer_too_long"),
        (make_field("a", limits=Limits(minimum=Decimal(3))), "ab", "answer_too_short"),
        (make_field("a"), "x" * 301, "answer_too_long"),
        (make_field("a", FieldKind.NUMBER), "three", "number_invalid"),
        (make_field("a", FieldKind.NUMBER), "NaN", "number_invalid"),
        (make_field("a", FieldKind.NUMBER), "1e999999999", "number_invalid"),
        (make_field("a", FieldKind.NUMBER, limits=Limits(minimum=Decimal(1))), "0", "number_too_small"),
        (make_field("a", FieldKind.NUMBER, limits=Limits(maximum=Decimal(1))), "1.1", "number_too_large"),
        (make_field("a", FieldKind.DATE), "26.05.2027", "date_invalid"),
        (make_field("a", FieldKind.DATE, limits=Limits(latest=date(2027, 5, 26))), "2027-05-27", "date_too_late"),
        (make_field("a", FieldKind.DATE, limits=Limits(earliest=date(2027, 5, 26))), "2027-05-25", "date_too_early"),
        (make_field("a", FieldKind.SINGLE_CHOICE, options=options("x")), "z", "choice_unknown"),
        (make_field("a", FieldKind.MULTIPLE_CHOICE, options=options("x")), ["x", "q"], "choice_unknown"),
        (
            make_field("a", FieldKind.MULTIPLE_CHOICE, options=options("x", "y"), limits=Limits(minimum=Decimal(2))),
            ["x"],
            "too_few_choices",
        ),
        (
            make_field("a", FieldKind.MULTIPLE_CHOICE, options=options("x", "y"), limits=Limits(maximum=Decimal(1))),
            ["x", "y"],
            "too_many_choices",
        ),
        (make_field("a", FieldKind.COUNTRY), "QQ", "country_unknown"),
        (make_field("a", FieldKind.PHONE), "12", "phone_invalid"),
        (make_field("a", FieldKind.URL), "javascript:alert(1)", "url_invalid"),
        (make_field("a", FieldKind.URL), "https://[::1", "url_invalid"),
        (make_field("a", FieldKind.FILE), "../../etc/passwd", "file_unknown"),
        (make_field("a", FieldKind.CONSENT, is_required=True), "", "consent_missing"),
        (make_field("a", is_required=True), "   ", "answer_missing"),
    ],
)
def test_answer_when_not_acceptable_then_named_and_not_stored(field: Field, answer: Given, code: str) -> None:
    checked = check_answers([field], {"a": answer}, region="CN")

    assert (checked.values, [fault.code for fault in checked.faults]) == ({}, [code])


def test_draft_when_short_and_incomplete_then_kept_without_fault() -> None:
    fields = [
        make_field("title", is_required=True),
        make_field("abstract", FieldKind.LONG_TEXT, limits=Limits(minimum=Decimal(100))),
        make_field("topics", FieldKind.MULTIPLE_CHOICE, options=options("x", "y"), limits=Limits(minimum=Decimal(2))),
    ]

    draft = check_draft(fields, {"abstract": "Short", "topics": ["x"], "unknown": "dropped"})

    assert (draft.values, draft.faults) == ({"abstract": "Short", "topics": ["x"]}, ())


def _travel_form() -> list[Field]:
    return [
        make_field("needs_visa", FieldKind.SINGLE_CHOICE, options=options("yes", "no")),
        make_field(
            "passport",
            is_required=True,
            conditions=(Condition("needs_visa", Operator.IS_ONE_OF, ("yes",)),),
        ),
        make_field(
            "issued_in", FieldKind.COUNTRY, is_required=True, conditions=(Condition("passport", Operator.IS_ANSWERED),)
        ),
    ]


def test_field_when_its_condition_is_not_met_then_neither_asked_nor_stored() -> None:
    checked = check_answers(_travel_form(), {"needs_visa": "no", "passport": "E123", "issued_in": "FR"})

    assert (checked.values, checked.faults) == ({"needs_visa": "no"}, ())


def test_field_when_its_condition_is_met_then_required_in_its_turn() -> None:
    checked = check_answers(_travel_form(), {"needs_visa": "yes", "passport": "E123"})

    assert checked.faults == (AnswerFault("issued_in", "answer_missing", {}),)


@pytest.mark.parametrize(
    ("condition", "answers", "shown"),
    [
        (Condition("n", Operator.IS_AT_LEAST, ("10",)), {"n": "9"}, ["n"]),
        (Condition("n", Operator.IS_AT_LEAST, ("10",)), {"n": "10"}, ["n", "after"]),
        (Condition("n", Operator.IS_AT_MOST, ("2027-05-26",)), {"n": "2027-05-27"}, ["n"]),
        (Condition("n", Operator.IS_NONE_OF, ("x",)), {}, ["n", "after"]),
        (Condition("n", Operator.IS_NONE_OF, ("x",)), {"n": ["x", "y"]}, ["n"]),
        (Condition("n", Operator.IS_EMPTY), {}, ["n", "after"]),
        (Condition("n", Operator.IS_ONE_OF, ("yes",)), {"n": True}, ["n", "after"]),
    ],
)
def test_condition_when_compared_then_as_its_operator_says(
    condition: Condition, answers: dict[str, Any], shown: list[str]
) -> None:
    fields = [make_field("n"), make_field("after", conditions=(condition,))]

    assert [each.key for each in list_shown(fields, answers)] == shown


def test_conditions_when_one_is_enough_then_any_shows_the_field() -> None:
    either = (Condition("a", Operator.IS_ANSWERED), Condition("b", Operator.IS_ANSWERED))
    fields = [make_field("a"), make_field("b"), make_field("c", conditions=either, needs_all=False)]

    assert [each.key for each in list_shown(fields, {"b": "1"})] == ["a", "b", "c"]


_any_value = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.text(max_size=9), max_size=3)
)


@given(st.sampled_from(FieldKind), _any_value)
def test_answers_when_anything_is_given_then_stored_answers_are_accepted_again(kind: FieldKind, answer: Any) -> None:
    field = make_field("a", kind, options=options("x", "y"))

    checked = check_answers([field], {"a": answer}, region="CN")

    assert check_answers([field], checked.values, region="CN").values == checked.values
    assert all(not isinstance(value, str) or "\x00" not in value for value in checked.values.values())
