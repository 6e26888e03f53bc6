"""The options and conditions of a question: rows that are added, moved and removed without JavaScript."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from expo.accounts.rules import SYSTEM
from expo.editions.queries import EditionFacts
from expo.infra.clock import utcnow
from expo.proposals.queries import CallRow
from expo.questions.queries import list_fields
from expo.questions.rules import Condition, Field, FieldKind, Operator, Option
from expo.questions.services import add_field
from tests.domains.proposals.makers import make_call

DEMO = Field(
    "demo",
    FieldKind.SINGLE_CHOICE,
    {"en": "Live demo?"},
    options=(
        Option("yes", {"en": "Yes", "zh": "是", "ar": "نعم"}),
        Option("no", {"en": "No"}),
        Option("so", {"en": "So"}),
    ),
)
PEOPLE = Field("people", FieldKind.NUMBER, {"en": "How many?"})
TERMS = Field("terms", FieldKind.CONSENT, {"en": "Terms"})


@pytest.fixture
def call(edition: EditionFacts) -> CallRow:
    made = make_call(edition, utcnow())
    for field in (DEMO, PEOPLE, TERMS):
        add_field(SYSTEM, edition.id, made.form_id, field, utcnow())
    return made


def _path(call: CallRow, kind: FieldKind = FieldKind.TEXT) -> str:
    return f"/organizer/calls/{call.slug}/questions/new?kind={kind.value}"


def _conditions(*rows: tuple[str, str, str, str], **more: Any) -> dict[str, Any]:
    """Return a filled-in form of a question with these rows: question, comparison, answer, typed answer."""
    columns = ("field", "operator", "answer", "value")
    return {
        "label-en": "What power?",
        **{f"conditions-{name}": [row[at] for row in rows] for at, name in enumerate(columns)},
        **more,
    }


def test_options_when_rows_are_added_moved_and_removed_then_what_was_typed_stays(
    call: CallRow, organizer: FlaskClient
) -> None:
    path = _path(call, FieldKind.SINGLE_CHOICE)
    typed = {
        "label-en": "Colour?",
        "options-key": ["", "", ""],
        "options-en": ["Red", "", "Blue"],
        "options-zh": [""] * 3,
    }

    added = organizer.post(path, data={**typed, "rows": "options:add:"})
    moved = organizer.post(path, data={**typed, "rows": "options:up:2"})
    removed = organizer.post(path, data={**typed, "rows": "options:remove:0"})

    assert [page.status_code for page in (added, moved, removed)] == [200, 200, 200]
    assert added.text.count('name="options-en"') == 2 + 6
    assert all('value="Colour?"' in page.text for page in (added, moved, removed))
    assert moved.text.index('value="Blue"') < moved.text.index('value="Red"')
    assert ('value="Red"' in removed.text, 'value="Blue"' in removed.text) == (False, True)
    assert len(list_fields(call.form_id)) == 3


def test_options_when_texts_change_then_keys_and_other_languages_stay(call: CallRow, organizer: FlaskClient) -> None:
    field = list_fields(call.form_id)[0]
    path = f"/organizer/calls/{call.slug}/questions/{field.id}/edit"
    page = organizer.get(path).text
    assert ('name="options-ar" value="نعم"' in page, 'name="options-zh" value="是"' in page) == (True, True)

    organizer.post(
        path,
        data={
            "label-en": "Live demo?",
            "version": "4",
            "options-key": ["yes", "no", "so", ""],
            "options-en": ["Of course", "", "So", "Of course not"],
            "options-zh": ["当然", "", "", ""],
            "options-ar": ["نعم", "", "", ""],
        },
    )

    assert list_fields(call.form_id)[0].options == (
        Option("yes", {"en": "Of course", "zh": "当然", "ar": "نعم"}),
        Option("so", {"en": "So"}),
        Option("of_course_not", {"en": "Of course not"}),
    )


def test_options_when_all_are_empty_then_says_so_and_nothing_typed_is_lost(
    call: CallRow, organizer: FlaskClient
) -> None:
    data = {"label-en": "Colour?", "label-zh": "颜色？", "options-key": [""], "options-en": [" "], "options-zh": [""]}
    answer = organizer.post(_path(call, FieldKind.SINGLE_CHOICE), data=data)

    assert (answer.status_code, "Add at least one option." in answer.text) == (422, True)
    assert ('value="Colour?"' in answer.text, 'value="颜色？"' in answer.text) == (True, True)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("demo", "is_one_of", "demo:yes", "")], [Condition("demo", Operator.IS_ONE_OF, ("yes",))]),
        # The answer alone says which question it is of.
        ([("", "is_none_of", "demo:no", "")], [Condition("demo", Operator.IS_NONE_OF, ("no",))]),
        (
            [("demo", "is_one_of", "demo:yes", ""), ("demo", "is_one_of", "demo:so", "")],
            [Condition("demo", Operator.IS_ONE_OF, ("yes", "so"))],
        ),
        ([("demo", "is_answered", "", "")], [Condition("demo", Operator.IS_ANSWERED)]),
        ([("terms", "is_one_of", "terms:yes", "")], [Condition("terms", Operator.IS_ONE_OF, ("yes",))]),
        (
            [("people", "is_at_least", "", "5"), ("people", "is_at_most", "", "9")],
            [Condition("people", Operator.IS_AT_LEAST, ("5",)), Condition("people", Operator.IS_AT_MOST, ("9",))],
        ),
        ([("", "is_one_of", "", "")], []),
    ],
)
def test_conditions_when_chosen_in_rows_then_stored_and_shown_again(
    rows: list[tuple[str, str, str, str]], expected: list[Condition], call: CallRow, organizer: FlaskClient
) -> None:
    answer = organizer.post(_path(call), data=_conditions(*rows))

    field = list_fields(call.form_id)[-1]
    page = organizer.get(f"/organizer/calls/{call.slug}/questions/{field.id}/edit").text
    assert (answer.status_code, list(field.conditions)) == (302, expected)
    for _question, operator, chosen, typed in rows if expected else ():
        assert f'value="{operator}" selected' in page
        assert f'value="{chosen}" selected' in page if chosen else f'value="{typed}"' in page


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (("demo", "is_one_of", "", ""), "Choose or enter the answer to “Live demo?”."),
        (("demo", "is_one_of", "terms:yes", "maybe"), "Choose one of the answers to “Live demo?”."),
        (("nothing", "is_answered", "", ""), "Choose the question of each condition."),
        (("", "is_one_of", "", "typed"), "Choose the question of each condition."),
        (("demo", "is_at_least", "demo:yes", ""), "Only numbers and dates can be compared"),
    ],
)
def test_conditions_when_a_row_makes_no_sense_then_says_which_and_keeps_it(
    row: tuple[str, str, str, str], message: str, call: CallRow, organizer: FlaskClient
) -> None:
    answer = organizer.post(_path(call), data=_conditions(row))

    assert (answer.status_code, message in answer.text) == (422, True)
    assert f'value="{row[1]}" selected' in answer.text
    assert len(list_fields(call.form_id)) == 3


def test_conditions_when_a_row_is_removed_then_only_that_one(call: CallRow, organizer: FlaskClient) -> None:
    rows = (("demo", "is_one_of", "demo:yes", ""), ("people", "is_at_least", "", "5"))
    answer = organizer.post(_path(call), data=_conditions(*rows, rows="conditions:remove:0"))

    assert answer.status_code == 200
    assert ('value="demo:yes" selected' in answer.text, 'value="5"' in answer.text) == (False, True)
