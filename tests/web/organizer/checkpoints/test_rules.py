"""The pages of a checkpoint's rule and questions, used without JavaScript."""

from dataclasses import replace
from datetime import datetime
from html.parser import HTMLParser
from typing import Any

import pytest
from flask.testing import FlaskClient

from expo.accounts.rules import SYSTEM, Actor, Permission, Role
from expo.accounts.services import ensure_person, grant_role
from expo.checkin.queries.checkpoints import get_checkpoint
from expo.checkin.services.checkpoints import CheckpointRequest, edit_checkpoint
from expo.editions.queries import EditionFacts
from expo.infra.db import db
from expo.program.queries import get_session
from tests.domains.checkin.doors import make_checkpoint
from tests.make import make_add_on, make_session, make_ticket_type

RULE_URL, QUESTIONS_URL = "/organizer/checkpoints/main/rule", "/organizer/checkpoints/main/questions"
SETTINGS_URL = "/organizer/checkpoints/main/edit"
RULES: list[dict[str, Any] | None] = [
    None,
    {"ticket_type": ["visitor"]},
    {"not": {"ticket_type": ["visitor", "staff"]}},
    {"any": [{"between": ["09:00", "18:00"]}, {"inside": "main"}]},
    {"all": [{"between": [{"session_start": -30}, {"session_end": 10}]}, {"holds_seat": True}]},
    {"all": [{"any": [{"entries": {"max": 3}}, {"add_on": ["a", "b"]}]}, {"minutes_since_exit": {"min": 5}}]},
    {"entries_today": {"max": 1}},
    {"all": [{"not": {"inside": "main"}}, {"minutes_since_entry": {"min": 60}}, {"entries": {"max": 1}}]},
]


@pytest.fixture
def door(edition: EditionFacts, now: datetime) -> None:
    make_ticket_type(edition, now)
    make_ticket_type(edition, now, "staff")
    for code in ("a", "b"):
        make_add_on(edition, now, code)
    make_checkpoint(edition, now)


def _stored(edition: EditionFacts) -> Any:
    db.session.expire_all()
    return get_checkpoint(edition.id, "main")


class _Reader(HTMLParser):
    """Collects the fields of a form."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self._select, self._textarea = "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, kind = given.get("name") or "", given.get("type")
        if tag == "select":
            self._select = name
        elif tag == "option" and "selected" in given:
            self.fields.setdefault(self._select, []).append(given.get("value") or "")
        elif tag == "textarea":
            self._textarea = name
            self.fields.setdefault(name, []).append("")
        elif tag == "input" and name and (kind not in {"checkbox", "radio"} or "checked" in given):
            self.fields.setdefault(name, []).append(given.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._textarea = ""

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.fields[self._textarea][-1] += data.removeprefix("\r\n").removeprefix("\n")


def _fields(page: str) -> dict[str, list[str]]:
    """Return what a browser would send for the form of a page."""
    reader = _Reader()
    reader.feed(page[page.index("<main") :])
    return reader.fields


@pytest.mark.parametrize("rule", RULES)
def test_rule_when_shown_and_saved_unchanged_then_it_stays(
    organizer: FlaskClient, edition: EditionFacts, now: datetime, door: None, rule: dict[str, Any] | None
) -> None:
    session_id = get_session(edition.id, make_session(edition, "Opening")).row.id
    request = CheckpointRequest(name={"en": "Main"}, session_id=session_id, rule=rule)
    edit_checkpoint(SYSTEM, edition.id, "main", request, now)

    saved = organizer.post(RULE_URL, data=_fields(organizer.get(RULE_URL).text))

    assert saved.status_code == 302
    assert _stored(edition).rule == rule


def test_rule_when_conditions_are_added_joined_and_removed_then_a_sentence_and_a_tree(
    organizer: FlaskClient, edition: EditionFacts, door: None
) -> None:
    page = organizer.get(RULE_URL).text
    assert "No conditions: everybody with a valid badge is admitted." in page
    for kind in ("ticket_type", "hours", "minutes_since_entry", "entries_today"):
        page = organizer.post(RULE_URL, data=_fields(page) | {"rows": ["add"], "new_kind": [kind]}).text
    page = organizer.post(RULE_URL, data=_fields(page) | {"rows": ["remove:2"]}).text
    typed = _fields(page) | {
        "conditions-0-ticket_types": ["visitor", "staff"],
        "conditions-1-first": ["09:00"],
        "conditions-1-last": ["18:00"],
        "conditions-2-number": ["2"],
        "conditions-2-joined": ["or"],
    }
    assert _stored(edition).rule is None

    shown = organizer.post(RULE_URL, data=typed | {"rows": ["show"]}).text
    saved = organizer.post(RULE_URL, data=typed)

    sentence = "Ticket is Visitor or Staff, and (between 09:00 and 18:00 or fewer than 2 entries today)"
    assert sentence in shown
    assert saved.status_code == 302
    assert _stored(edition).rule == {
        "all": [
            {"ticket_type": ["visitor", "staff"]},
            {"any": [{"between": ["09:00", "18:00"]}, {"entries_today": {"max": 2}}]},
        ]
    }
    assert sentence in organizer.get(RULE_URL).text


def test_rule_when_a_condition_is_incomplete_then_the_error_is_there(
    organizer: FlaskClient, edition: EditionFacts, door: None
) -> None:
    page = ""
    for kind in ("ticket_type", "hours", "entries", "inside"):
        fields = _fields(page) if page else {}
        page = organizer.post(RULE_URL, data=fields | {"rows": ["add"], "new_kind": [kind]}).text

    answer = organizer.post(RULE_URL, data=_fields(page))

    assert answer.status_code == 422
    errors = ("0-ticket_types", "1-first", "2-number")
    assert {each: f'id="conditions-{each}-error"' in answer.text for each in errors} == dict.fromkeys(errors, True)
    assert _stored(edition).rule is None


def test_rule_when_nested_deeply_then_shown_as_a_sentence_until_replaced(
    organizer: FlaskClient, edition: EditionFacts, now: datetime, door: None
) -> None:
    rule = {"any": [{"all": [{"ticket_type": ["staff"]}, {"inside": "main"}]}, {"not": {"entries": {"max": 2}}}]}
    edit_checkpoint(SYSTEM, edition.id, "main", CheckpointRequest(name={"en": "Main"}, rule=rule), now)

    page = organizer.get(RULE_URL).text

    assert "(ticket is Staff, and inside Main entrance) or not (fewer than 2 entries in total)" in page
    assert "Replace rule" in page
    assert _stored(edition).rule == rule


def test_questions_when_added_then_stored_and_their_ids_stay(
    organizer: FlaskClient, edition: EditionFacts, door: None
) -> None:
    page = ""
    for kind in ("confirm", "choice"):
        fields = _fields(page) if page else {}
        page = organizer.post(QUESTIONS_URL, data=fields | {"rows": ["add"], "new_kind": [kind]}).text
    incomplete = organizer.post(QUESTIONS_URL, data=_fields(page))
    typed = _fields(page) | {
        "questions-0-text-en": ["Card?"],
        "questions-0-ticket_types": ["staff"],
        "questions-1-text-en": ["Size?"],
        "questions-1-choices-en": ["S\r\nM"],
        "questions-1-choices-zh": ["小\r\n中"],
    }
    assert organizer.post(QUESTIONS_URL, data=typed).status_code == 302
    first = _stored(edition).questions

    page = organizer.post(QUESTIONS_URL, data=_fields(organizer.get(QUESTIONS_URL).text) | {"rows": ["remove:0"]}).text
    changed = _fields(page) | {"questions-0-choices-en": ["L\r\nM"], "questions-0-choices-zh": ["大\r\n中"]}
    assert organizer.post(QUESTIONS_URL, data=changed).status_code == 302

    assert incomplete.status_code == 422
    assert first == [
        {"id": "q1", "kind": "confirm", "text": {"en": "Card?"}, "choices": [], "ticket_types": ["staff"]},
        {
            "id": "q2",
            "kind": "choice",
            "text": {"en": "Size?"},
            "choices": [{"id": "c1", "text": {"en": "S", "zh": "小"}}, {"id": "c2", "text": {"en": "M", "zh": "中"}}],
            "ticket_types": None,
        },
    ]
    assert _stored(edition).questions == [
        first[1]
        | {"choices": [{"id": "c3", "text": {"en": "L", "zh": "大"}}, {"id": "c2", "text": {"en": "M", "zh": "中"}}]}
    ]


def test_settings_when_saved_then_rule_and_questions_stay(
    organizer: FlaskClient, edition: EditionFacts, now: datetime, door: None
) -> None:
    rule = {"ticket_type": ["visitor"]}
    edit_checkpoint(SYSTEM, edition.id, "main", CheckpointRequest(name={"en": "Main"}, rule=rule), now)

    url = "/organizer/checkpoints/main/edit"
    organizer.post(url, data=_fields(organizer.get(url).text) | {"kind": ["lounge"]})

    stored = _stored(edition)
    assert (stored.kind, stored.rule) == ("lounge", rule)


QUESTION: dict[str, Any] = {
    "id": "q1",
    "kind": "confirm",
    "text": {"en": "Card seen?"},
    "choices": [],
    "ticket_types": None,
}


@pytest.mark.parametrize(
    ("url", "theirs", "shown", "typed"),
    [
        (RULE_URL, {"rule": {"ticket_type": ["staff"]}}, "Ticket is Staff", {"reentry": ["day"]}),
        (QUESTIONS_URL, {"questions": [QUESTION]}, "Card seen?", {}),
        (SETTINGS_URL, {"capacity": 450}, "450", {"name-en": ["South"]}),
    ],
)
def test_page_when_somebody_else_changed_this_part_then_shows_what_and_saves_the_second_time(
    organizer: FlaskClient,
    edition: EditionFacts,
    now: datetime,
    door: None,
    url: str,
    theirs: dict[str, Any],
    shown: str,
    typed: dict[str, list[str]],
) -> None:
    opened = _fields(organizer.get(url).text) | typed
    other = ensure_person("olga@example.org", "Olga Other", "en", now)
    grant_role(SYSTEM, edition.id, other, Role.ORGANIZER, now)
    actor = Actor("person", other, edition_id=edition.id, permissions=frozenset({Permission.CHECKPOINTS_MANAGE}))
    edit_checkpoint(actor, edition.id, "main", replace(CheckpointRequest.of(_stored(edition)), **theirs), now)
    between = _stored(edition)

    told = organizer.post(url, data=opened)
    kept = _fields(told.text)
    untouched = _stored(edition)
    saved = organizer.post(url, data=kept)

    assert told.status_code == 409
    callout = told.text[told.text.index("callout-warning") :]
    assert ("Olga Other" in callout, shown in callout) == (True, True)
    assert {name: kept[name] for name in typed} == typed
    assert untouched == between
    assert saved.status_code == 302
    assert _stored(edition) != between


@pytest.mark.parametrize("url", [RULE_URL, QUESTIONS_URL, SETTINGS_URL])
def test_page_when_somebody_else_changed_another_part_then_both_are_kept(
    organizer: FlaskClient, edition: EditionFacts, now: datetime, door: None, url: str
) -> None:
    opened = _fields(organizer.get(url).text) | {"reentry": ["day"], "name-en": ["South"]}
    mine = {RULE_URL: "rule", QUESTIONS_URL: "questions", SETTINGS_URL: "name"}[url]
    theirs: dict[str, Any] = {"rule": {"ticket_type": ["staff"]}, "questions": [QUESTION], "name": {"en": "North"}}
    del theirs[mine]
    edit_checkpoint(SYSTEM, edition.id, "main", replace(CheckpointRequest.of(_stored(edition)), **theirs), now)

    saved = organizer.post(url, data=opened)

    assert saved.status_code == 302
    stored = _stored(edition)
    assert {name: getattr(stored, name) for name in theirs} == theirs
    wanted = {"rule": {"entries_today": {"max": 1}}, "questions": [], "name": {"en": "South", "zh": "主入口"}}
    assert getattr(stored, mine) == wanted[mine]


def test_rule_when_an_add_on_is_chosen_by_name_then_a_sentence_and_a_tree(
    organizer: FlaskClient, edition: EditionFacts, door: None
) -> None:
    page = organizer.get(RULE_URL).text
    page = organizer.post(RULE_URL, data=_fields(page) | {"rows": ["add"], "new_kind": ["add_on"]}).text
    typed = _fields(page) | {"conditions-0-is_not": ["not"]}

    nothing = organizer.post(RULE_URL, data=typed)
    saved = organizer.post(RULE_URL, data=typed | {"conditions-0-add_ons": ["a", "b"]})

    assert (nothing.status_code, "Choose at least one add-on." in nothing.text) == (422, True)
    assert saved.status_code == 302
    assert _stored(edition).rule == {"not": {"add_on": ["a", "b"]}}
    assert "Without the add-on A or B" in organizer.get(RULE_URL).text


def test_rule_when_the_expo_has_no_add_ons_then_the_condition_is_not_offered(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)

    assert 'value="add_on"' not in organizer.get(RULE_URL).text
