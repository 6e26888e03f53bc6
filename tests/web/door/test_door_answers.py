"""What the door's page receives: exits, reasons for letting in anyway, short codes, in the language of the page."""

import json
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from expo.accounts.rules import SYSTEM, Role
from expo.checkin.models import Scan
from expo.checkin.queries.checkpoints import door_facts
from expo.checkin.queries.scans import list_scans_of
from expo.checkin.rules import Direction, ForceReason, Reason
from expo.checkin.rules.facts import Rule
from expo.editions.models import Edition
from expo.editions.queries import EditionFacts
from expo.flows.registration import cancel_registration
from expo.infra.audit import list_audit_records
from expo.infra.clock import utcnow
from expo.infra.db import atomic, db
from expo.web.kit.scan_labels import EXIT_TEXTS, FORCE_REASONS, REASON_TEXTS
from tests.conftest import make_edition
from tests.domains.checkin.doors import make_checkpoint
from tests.make import MadeAttendee, make_add_on, make_attendee, make_ticket_type
from tests.web.door.test_door_pages import _client, _open_today, _scan

LOUNGE = "Entry is allowed only after entering Main entrance, or with the ticket Vip. Send them to the help desk."


@pytest.fixture
def open_edition(app: Flask) -> EditionFacts:
    """An edition that is open today, with one checkpoint."""
    edition = make_edition(utcnow(), "now", 2027)
    _open_today(edition)
    make_checkpoint(edition, utcnow())
    return edition


@pytest.fixture
def attendee(open_edition: EditionFacts) -> MadeAttendee:
    """Somebody who may come in."""
    return make_attendee(open_edition, utcnow(), name="张伟", latin_name="Zhang Wei", company="数据谷")


def _page_data(client: FlaskClient, path: str) -> dict[str, object]:
    page = client.get(path).get_data(as_text=True)
    found = re.search(r'id="door-data">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    data: dict[str, object] = json.loads(found.group(1))
    return data


def _set_contact(edition: EditionFacts, email: str) -> None:
    with atomic() as session:
        found = session.get(Edition, edition.id)
        assert found is not None
        found.contact_email = email


def test_verdict_when_page_is_chinese_then_chinese_whatever_the_browser_prefers(
    app: Flask, open_edition: EditionFacts, attendee: MadeAttendee
) -> None:
    client = _client(app, open_edition, Role.STEWARD)
    data = _page_data(client, "/zh/door/?checkpoint=main")

    answer = client.post(str(data["scans_url"]), json=_scan(attendee.token), headers={"Accept-Language": "en"})

    assert (data["scans_url"], data["code_url"]) == ("/zh/door/scans", "/zh/door/code")
    assert answer.get_json()["word"] == "欢迎"


def test_verdict_when_language_was_asked_for_by_the_browser_then_pinned_to_that_of_the_page(
    app: Flask, open_edition: EditionFacts
) -> None:
    client = _client(app, open_edition, Role.STEWARD)
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "zh-CN"

    assert _page_data(client, "/door/?checkpoint=main")["scans_url"] == "/zh/door/scans"


def test_exit_when_inside_then_goodbye_and_when_not_then_goodbye_in_amber(
    app: Flask, open_edition: EditionFacts, attendee: MadeAttendee
) -> None:
    client = _client(app, open_edition, Role.DESK)
    client.post("/en/door/scans", json=_scan(attendee.token))

    leaving = client.post("/en/door/scans", json=_scan(attendee.token, direction="exit")).get_json()
    unexpected = client.post("/en/door/scans", json=_scan(attendee.token, direction="exit")).get_json()

    assert (leaving["tone"], leaving["word"], leaving["advice"]) == ("out", "Goodbye", "")
    assert (unexpected["tone"], unexpected["word"], unexpected["may_force"]) == ("unexpected", "Goodbye", False)
    assert unexpected["advice"] == "This badge was not scanned on the way in. Let them out."


@pytest.mark.parametrize("token", ["x" * 40, "", "nonsense"])
def test_exit_when_code_is_no_badge_then_no_refusal(app: Flask, open_edition: EditionFacts, token: str) -> None:
    answer = _client(app, open_edition, Role.STEWARD).post("/en/door/scans", json=_scan(token, direction="exit"))

    assert (answer.get_json()["tone"], answer.get_json()["reason"]) == ("ask", "unknown_token")
    assert answer.get_json()["advice"].endswith("or let them out.")


def test_entry_when_refused_then_red(app: Flask, open_edition: EditionFacts) -> None:
    answer = _client(app, open_edition, Role.STEWARD).post("/en/door/scans", json=_scan("x" * 40))

    assert answer.get_json()["tone"] == "no"


def test_entry_when_a_ticket_or_an_add_on_would_be_enough_then_both_are_named(
    app: Flask, open_edition: EditionFacts, attendee: MadeAttendee
) -> None:
    make_ticket_type(open_edition, utcnow(), "vip")
    make_add_on(open_edition, utcnow(), "dinner")
    either: Rule = {"any": [{"ticket_type": ["vip"]}, {"add_on": ["dinner"]}]}
    make_checkpoint(open_edition, utcnow(), "either", rule=either)
    make_checkpoint(open_edition, utcnow(), "vip", rule={"ticket_type": ["vip"]})
    lounge = {"any": [{"inside": "main"}, {"all": [{"ticket_type": ["vip"]}, {"not": {"add_on": ["dinner"]}}]}]}
    make_checkpoint(open_edition, utcnow(), "lounge", rule=lounge)
    client = _client(app, open_edition, Role.STEWARD)

    scans = [_scan(attendee.token, checkpoint=code) for code in ("either", "vip", "lounge", "lounge")]
    scans[3]["scan_id"] = scans[2]["scan_id"]  # sent again, because its answer was lost
    told = [client.post("/en/door/scans", json=each).get_json() for each in scans]

    assert [(each["tone"], each["word"], each["advice"]) for each in told] == [
        ("no", "Not booked", "This entrance requires Vip or Dinner. Send them to the help desk."),
        ("no", "Wrong ticket", "This entrance requires Vip. Send them to the help desk."),
        *2 * [("no", "Not admitted now", LOUNGE)],
    ]


def test_exit_texts_when_listed_then_one_for_every_reason_that_an_exit_can_have() -> None:
    of_exits = {
        Reason.UNKNOWN_TOKEN,
        Reason.BAD_SIGNATURE,
        Reason.WRONG_EDITION,
        Reason.WRONG_CHECKPOINT,
        Reason.NOT_INSIDE,
    }

    assert (set(EXIT_TEXTS), set(FORCE_REASONS), set(REASON_TEXTS)) == (of_exits, set(ForceReason), set(Reason))


def test_force_when_reason_is_given_then_kept_with_scan_audit_and_history(
    app: Flask, open_edition: EditionFacts, attendee: MadeAttendee
) -> None:
    client = _client(app, open_edition, Role.DESK)
    client.post("/en/door/scans", json=_scan(attendee.token))

    forced = client.post(
        "/en/door/scans",
        json=_scan(attendee.token, forced=True, force_reason="other", force_note=" Fetched  a bag \n outside "),
    )

    assert (forced.get_json()["tone"], forced.get_json()["reason"]) == ("yes", None)
    row = db.session.scalars(select(Scan).order_by(Scan.id.desc()).limit(1)).one()
    assert (row.forced, row.reason, row.force_reason, row.force_note) == (
        True,
        "already_admitted",
        "other",
        "Fetched a bag outside",
    )
    acts = [each for each in list_audit_records("attendee", attendee.id) if each.action == "checkin.force"]
    assert [each.details for each in acts] == [
        {
            "checkpoint": "main",
            "direction": Direction.ENTRY.value,
            "refusal": "already_admitted",
            "reason": "other",
            "note": "Fetched a bag outside",
        }
    ]
    last = list_scans_of(door_facts(open_edition.id), attendee.id)[0]
    assert (last.force_reason, last.force_note) == (ForceReason.OTHER, "Fetched a bag outside")
    page = client.get(f"/en/organizer/attendees/{attendee.code}").get_data(as_text=True)
    assert "Other reason: Fetched a bag outside" in page
    assert "Let in despite a refusal" in page


def test_force_when_nothing_was_in_the_way_then_no_reason_is_kept_and_nothing_audited(
    app: Flask, open_edition: EditionFacts, attendee: MadeAttendee
) -> None:
    body = _scan(attendee.token, forced=True, force_reason="leader_agreed", force_note="x")

    _client(app, open_edition, Role.DESK).post("/en/door/scans", json=body)

    row = db.session.scalars(select(Scan)).one()
    assert (row.forced, row.force_reason, row.force_note) == (False, None, None)
    assert "checkin.force" not in {each.action for each in list_audit_records("attendee", attendee.id)}


@pytest.mark.parametrize("role", [Role.DESK, Role.ORGANIZER])
def test_code_when_staff_may_read_attendees_then_person_and_the_pages_to_go_on_with(
    app: Flask, open_edition: EditionFacts, attendee: MadeAttendee, role: Role
) -> None:
    typed = f"{attendee.code[:4]}-{attendee.code[4:]}".lower()

    shown = _client(app, open_edition, role).get(f"/zh/door/code?code={typed}").get_json()

    assert (shown["word"], shown["attendee"]["name"], shown["attendee"]["ticket_type"]) == ("已确认", "张伟", "观众")
    assert shown["links"] == [
        {"text": "手动签到", "url": f"/zh/desk/attendees/{attendee.code}/check-in"},
        {"text": "查看报名", "url": f"/zh/organizer/attendees/{attendee.code}"},
    ]
    assert db.session.scalars(select(Scan)).all() == []


def test_code_when_cancelled_then_status_says_so_and_no_check_in_is_offered(
    app: Flask, open_edition: EditionFacts, attendee: MadeAttendee
) -> None:
    cancel_registration(SYSTEM, open_edition.id, attendee.id, utcnow() + timedelta(seconds=1))

    shown = _client(app, open_edition, Role.DESK).get(f"/en/door/code?code={attendee.code}").get_json()

    assert (shown["word"], [each["text"] for each in shown["links"]]) == ("Cancelled", ["View registration"])


def test_code_when_steward_then_told_whom_to_call_and_nothing_about_the_code(
    app: Flask, open_edition: EditionFacts, attendee: MadeAttendee
) -> None:
    _set_contact(open_edition, "team@example.org")
    client = _client(app, open_edition, Role.STEWARD)

    answers = [client.get(f"/en/door/code?code={code}").get_json() for code in (attendee.code, "22222222")]

    assert answers[0] == answers[1]
    assert (answers[0]["word"], answers[0]["attendee"], answers[0]["links"]) == ("Short code", None, [])
    assert answers[0]["advice"].endswith("or send them to the help desk.\nOrganizers: team@example.org")


@pytest.mark.parametrize("code", ["", "2222-2222", "not a code!", "%00", "a/b"])
def test_code_when_nobody_has_it_then_said(app: Flask, open_edition: EditionFacts, code: str) -> None:
    shown = _client(app, open_edition, Role.DESK).get("/en/door/code", query_string={"code": code}).get_json()

    assert (shown["word"], shown["attendee"], shown["links"]) == ("Unknown code", None, [])
