"""Building forms: fields are added, changed, moved and removed, and stay consistent."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from expo.accounts.errors import PermissionMissing
from expo.accounts.rules import SYSTEM, Actor, Permission
from expo.errors import Conflict, ExpoError, Missing
from expo.infra.audit import list_audit_records
from expo.questions.queries import AnswerCounts, count_answers, get_answers, get_form, list_removed_fields
from expo.questions.rules import Condition, Field, FieldKind, Operator, Option, Purpose
from expo.questions.services import (
    add_field,
    change_field,
    copy_form,
    create_form,
    delete_form,
    delete_sheet,
    move_field,
    remove_field,
    store_answers,
)
from tests.conftest import make_edition


def make_field(key: str, kind: FieldKind = FieldKind.TEXT, **values: Any) -> Field:
    return Field(key=key, kind=kind, label={"en": key.title(), "zh": "问题"}, **values)


LEVEL = make_field(
    "level", FieldKind.SINGLE_CHOICE, options=(Option("new", {"en": "New"}), Option("expert", {"en": "Expert"}))
)
REASON = make_field("reason", conditions=(Condition("level", Operator.IS_ONE_OF, ("expert",)),))


def keys_of(edition_id: int, form_id: int) -> list[str]:
    return [field.key for field in get_form(edition_id, form_id).fields]


def test_form_when_built_then_read_back_as_it_was_given(each_app: Flask, now: datetime) -> None:
    edition = make_edition(now)

    form_id = create_form(SYSTEM, edition.id, Purpose.PROPOSALS, now, [LEVEL])
    add_field(SYSTEM, edition.id, form_id, REASON, now)

    form = get_form(edition.id, form_id)
    assert (form.purpose, form.version) == (Purpose.PROPOSALS, 2)
    assert [replace(field, id=None) for field in form.fields] == [LEVEL, REASON]
    assert [act.action for act in list_audit_records("form", form_id)] == [
        "questions.add_field",
        "questions.create_form",
    ]


@pytest.mark.parametrize(
    ("field", "code"),
    [
        (make_field("level"), "field_key_taken"),
        (make_field("No Key"), "field_key_invalid"),
        (replace(make_field("empty"), label={"en": " "}), "field_label_missing"),
        (make_field("pick", FieldKind.SINGLE_CHOICE), "options_missing"),
        (make_field("later", conditions=(Condition("nothing", Operator.IS_EMPTY),)), "condition_field_unknown"),
        (make_field("self", conditions=(Condition("self", Operator.IS_EMPTY),)), "condition_not_before"),
        (make_field("x", conditions=(Condition("level", Operator.IS_ONE_OF, ("old",)),)), "condition_value_unknown"),
        (make_field("x", conditions=(Condition("level", Operator.IS_AT_LEAST, ("1",)),)), "condition_operator_unfit"),
    ],
)
def test_field_when_inconsistent_then_refused_and_the_form_stays(
    app: Flask, now: datetime, field: Field, code: str
) -> None:
    edition = make_edition(now)
    form_id = create_form(SYSTEM, edition.id, Purpose.PROPOSALS, now, [LEVEL])

    with pytest.raises(ExpoError) as refused:
        add_field(SYSTEM, edition.id, form_id, field, now)

    assert (refused.value.code, keys_of(edition.id, form_id)) == (code, ["level"])


def test_field_when_changed_over_another_change_then_refused(app: Flask, now: datetime) -> None:
    edition = make_edition(now)
    form_id = create_form(SYSTEM, edition.id, Purpose.PROPOSALS, now, [LEVEL])
    seen = get_form(edition.id, form_id)
    field_id = seen.fields[0].id or 0
    change_field(SYSTEM, edition.id, form_id, field_id, replace(LEVEL, is_required=True), seen.version, now)

    with pytest.raises(Conflict, match="form_changed"):
        change_field(SYSTEM, edition.id, form_id, field_id, LEVEL, seen.version, now)

    assert get_form(edition.id, form_id).fields[0].is_required


def test_field_when_moved_before_the_one_it_depends_on_then_refused(app: Flask, now: datetime) -> None:
    edition = make_edition(now)
    form_id = create_form(SYSTEM, edition.id, Purpose.PROPOSALS, now, [LEVEL, make_field("other"), REASON])
    level, _, reason = get_form(edition.id, form_id).fields
    move_field(SYSTEM, edition.id, form_id, reason.id or 0, -1, now)

    with pytest.raises(Conflict, match="condition_not_before"):
        move_field(SYSTEM, edition.id, form_id, level.id or 0, 1, now)

    assert keys_of(edition.id, form_id) == ["level", "reason", "other"]


def test_field_when_answered_then_its_kind_stays_and_removing_keeps_the_answers(each_app: Flask, now: datetime) -> None:
    edition = make_edition(now)
    form_id = create_form(SYSTEM, edition.id, Purpose.PROPOSALS, now, [LEVEL, make_field("note")])
    level, note = get_form(edition.id, form_id).fields
    sheet_id = store_answers(form_id, None, {"note": "Ja"}, now)
    store_answers(form_id, sheet_id, {"note": "Nein", "level": "new"}, now)

    with pytest.raises(Conflict, match="field_kind_fixed"):
        change_field(SYSTEM, edition.id, form_id, note.id or 0, replace(note, kind=FieldKind.NUMBER), 1, now)
    remove_field(SYSTEM, edition.id, form_id, note.id or 0, now)

    assert keys_of(edition.id, form_id) == ["level"]
    assert [field.key for field in list_removed_fields(form_id)] == ["note"]
    assert get_answers(sheet_id) == {"note": "Nein", "level": "new"}
    assert count_answers(form_id)["level"] == AnswerCounts(1, {"new": 1})
    assert level.id is not None


def test_field_when_a_condition_needs_it_then_not_removed(app: Flask, now: datetime) -> None:
    edition = make_edition(now)
    form_id = create_form(SYSTEM, edition.id, Purpose.PROPOSALS, now, [LEVEL, REASON])

    with pytest.raises(Conflict, match="field_in_use"):
        remove_field(SYSTEM, edition.id, form_id, get_form(edition.id, form_id).fields[0].id or 0, now)

    assert keys_of(edition.id, form_id) == ["level", "reason"]


def test_form_when_asked_for_through_another_edition_then_missing(app: Flask, now: datetime) -> None:
    edition, other = make_edition(now), make_edition(now, "expo-2028", 2028)
    form_id = create_form(SYSTEM, edition.id, Purpose.PROPOSALS, now, [LEVEL])

    with pytest.raises(Missing, match="form_missing"):
        get_form(other.id, form_id)
    with pytest.raises(Missing, match="form_missing"):
        add_field(SYSTEM, other.id, form_id, make_field("more"), now)
    copied = copy_form(SYSTEM, edition.id, form_id, other.id, now)

    assert keys_of(other.id, copied) == ["level"]


def test_form_when_deleted_then_its_answers_go_too(app: Flask, now: datetime) -> None:
    edition = make_edition(now)
    form_id = create_form(SYSTEM, edition.id, Purpose.PROPOSALS, now, [LEVEL])
    sheet_id = store_answers(form_id, None, {"level": "new"}, now)
    delete_sheet(store_answers(form_id, None, {}, now))

    delete_form(SYSTEM, edition.id, form_id, now)

    assert get_answers(sheet_id) == {}
    with pytest.raises(Missing, match="form_missing"):
        get_form(edition.id, form_id)


def test_form_when_the_actor_may_not_manage_its_purpose_then_refused(app: Flask, now: datetime) -> None:
    edition = make_edition(now)
    form_id = create_form(SYSTEM, edition.id, Purpose.REGISTRATION, now, [LEVEL])
    programme = Actor(kind="person", id=1, edition_id=edition.id, permissions=frozenset({Permission.PROGRAM_MANAGE}))

    with pytest.raises(PermissionMissing):
        add_field(programme, edition.id, form_id, make_field("more"), now)
