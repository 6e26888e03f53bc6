"""Calls and their questions on the organizer's pages."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from expo.accounts.rules import Role
from expo.editions.queries import EditionFacts
from expo.infra.clock import utcnow
from expo.proposals.queries import get_call, list_calls
from expo.proposals.rules import CallState
from expo.questions.queries import list_fields
from expo.questions.rules import Condition, FieldKind, Operator, Option
from tests.domains.proposals.makers import make_call, make_draft, make_speaker
from tests.house.hostile import VALUES
from tests.web.organizer.conftest import SignIn

BASE = "/organizer/calls"


def test_call_when_created_then_is_listed_and_public(edition: EditionFacts, organizer: FlaskClient) -> None:
    sent = organizer.post(
        f"{BASE}/new",
        data={
            "title-en": "Talks 2027",
            "introduction-en": "Tell us.",
            "closes_at": "2099-01-01T12:00",
            "max_per_person": "3",
        },
    )

    (call,) = list_calls(edition.id)
    assert sent.location.endswith("/questions")
    assert (call.slug, call.max_per_person, call.closes_at and call.closes_at.hour) == ("talks-2027", 3, 4)
    assert "Talks 2027" in organizer.get(BASE).text
    assert "Tell us." in organizer.get("/cfp/talks-2027").text
    assert "1 January 2099" in organizer.get("/cfp/talks-2027").text


def test_call_when_the_times_are_reversed_then_says_so(edition: EditionFacts, organizer: FlaskClient) -> None:
    answer = organizer.post(
        f"{BASE}/new", data={"title-en": "A", "opens_at": "2027-02-01T12:00", "closes_at": "2027-01-01T12:00"}
    )

    assert answer.status_code == 422
    assert "The call closes before it opens." in answer.text


def test_call_when_edited_closed_and_deleted_then_follows(edition: EditionFacts, organizer: FlaskClient) -> None:
    call = make_call(edition, utcnow(), opens_at=utcnow() - timedelta(days=1))

    opened = {"version": call.version}
    organizer.post(f"{BASE}/{call.slug}/edit", data={"title-en": "Renamed", **opened})
    late = organizer.post(f"{BASE}/{call.slug}/edit", data={"title-en": "Late", **opened})
    organizer.post(f"{BASE}/{call.slug}/close")
    closed = get_call(edition.id, call.slug)
    organizer.post(f"{BASE}/{call.slug}/delete")

    assert (closed.title["en"], closed.state_at(utcnow())) == ("Renamed", CallState.CLOSED)
    told = ["<bdi>Renamed</bdi>" in late.text, 'value="Late"' in late.text, "&lt;bdi&gt;" in late.text]
    assert (late.status_code, told) == (409, [True, True, False])
    assert list_calls(edition.id) == []


def test_call_when_it_has_proposals_then_is_not_deleted(edition: EditionFacts, organizer: FlaskClient) -> None:
    call = make_call(edition, utcnow())
    make_draft(edition, call, make_speaker(utcnow()), utcnow())

    answer = organizer.post(f"{BASE}/{call.slug}/delete")

    assert answer.status_code == 409
    assert "This call has proposals (1)" in answer.text


def test_questions_when_built_then_are_kept_in_order_with_options_and_conditions(
    edition: EditionFacts, organizer: FlaskClient
) -> None:
    call = make_call(edition, utcnow())
    path = f"{BASE}/{call.slug}/questions"

    organizer.post(
        f"{path}/new?kind=single_choice",
        data={
            "label-en": "Live demo?",
            "options-key": ["", "", ""],
            "options-en": ["Yes", "", "No"],
            "options-zh": ["是", "", "否"],
            "is_required": "y",
        },
    )
    organizer.post(
        f"{path}/new?kind=text",
        data={
            "label-en": "What power?",
            "conditions-field": ["live_demo", ""],
            "conditions-operator": ["is_one_of", "is_one_of"],
            "conditions-answer": ["live_demo:yes", ""],
        },
    )
    demo, power = list_fields(call.form_id)

    assert (demo.key, demo.kind, demo.is_required) == ("live_demo", FieldKind.SINGLE_CHOICE, True)
    assert demo.options == (Option("yes", {"en": "Yes", "zh": "是"}), Option("no", {"en": "No", "zh": "否"}))
    assert power.conditions == (Condition("live_demo", Operator.IS_ONE_OF, ("yes",)),)
    assert "Only if “Live demo?” is: Yes" in organizer.get(path).text
    assert "data-conditions" in organizer.get(f"{path}/preview").text
    organizer.post(f"{path}/{power.id}/up")
    assert [each.key for each in list_fields(call.form_id)] == ["live_demo", "what_power"]
    organizer.post(f"{path}/{power.id}/remove")
    assert [each.key for each in list_fields(call.form_id)] == ["live_demo"]


def test_question_when_changed_by_somebody_else_then_is_not_overwritten(
    edition: EditionFacts, organizer: FlaskClient
) -> None:
    call = make_call(edition, utcnow())
    path = f"{BASE}/{call.slug}/questions"
    organizer.post(f"{path}/new?kind=number", data={"label-en": "How many?", "minimum": "1"})
    (field,) = list_fields(call.form_id)

    stale = organizer.post(f"{path}/{field.id}/edit", data={"label-en": "Mine", "version": "1"})
    fresh = organizer.post(f"{path}/{field.id}/edit", data={"label-en": "Mine", "version": "2"})

    assert (stale.status_code, fresh.status_code) == (422, 302)
    assert list_fields(call.form_id)[0].label == {"en": "Mine"}


@pytest.mark.each_case_on_postgresql
@pytest.mark.parametrize("kind", list(FieldKind))
def test_question_when_any_field_is_hostile_then_no_failure(
    edition: EditionFacts, organizer: FlaskClient, kind: FieldKind
) -> None:
    call = make_call(edition, utcnow())
    path = f"{BASE}/{call.slug}/questions/new?kind={kind.value}"
    names = [
        "label-en",
        "help_text-zh",
        "options-key",
        "options-en",
        "minimum",
        "earliest",
        "conditions-field",
        "conditions-operator",
        "conditions-answer",
        "rows",
    ]

    statuses = {
        organizer.post(path, data={"label-en": "Q", name: value.encode("utf-8", "replace").decode()}).status_code
        for name in names
        for value in VALUES.values()
    }

    assert statuses <= {200, 302, 422}


def test_calls_when_a_reviewer_looks_then_may_read_and_nothing_else(edition: EditionFacts, sign_in: SignIn) -> None:
    call = make_call(edition, utcnow())
    reviewer = sign_in(Role.REVIEWER)

    assert reviewer.get(BASE).status_code == 200
    for page in (
        "/new",
        f"/{call.slug}/edit",
        f"/{call.slug}/close",
        f"/{call.slug}/delete",
        f"/{call.slug}/questions",
    ):
        assert reviewer.get(f"{BASE}{page}").status_code == 403
