"""Drafts and speakers of drafts alone: in no page, file, search or API answer of those who only read the programme."""

import re
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile, is_zipfile

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from expo.accounts.rules import SYSTEM, Permission, Role
from expo.editions.queries import EditionFacts
from expo.flows.proposals import accept_proposal
from expo.infra.clock import utcnow
from expo.infra.db import atomic, db
from expo.program.models import Placement, Session, Speaker
from expo.program.rules import SessionRequest, SpeakerPart, SpeakerRequest
from expo.program.services import create_session, create_speaker
from expo.web.organizer.program.formats import FORMATS
from tests.api.calls import Api, make_token
from tests.documents.papers import words
from tests.domains.proposals.makers import make_call, make_proposal, make_speaker
from tests.web.organizer.conftest import SignIn
from tests.web.organizer.program_forms import publish

SECRETS = ("Secretova", "Hidden Keynote", "Confidential note")


@pytest.fixture
def program(edition: EditionFacts, now: datetime) -> dict[str, list[str]]:
    """Make a published session with a note, a draft made by hand and one of a proposal; return what fills addresses."""
    olga = create_speaker(SYSTEM, edition.id, SpeakerRequest({"en": "Olga Open"}, {}), now)
    zoya = create_speaker(SYSTEM, edition.id, SpeakerRequest({"en": "Zoya Secretova"}, {}), now)
    shown = create_session(
        SYSTEM,
        edition.id,
        SessionRequest({"en": "Open data"}, {}, {}, {}, speakers=(SpeakerPart(olga),), notes="Confidential note"),
        now,
    )
    publish(shown)
    hidden = create_session(
        SYSTEM,
        edition.id,
        SessionRequest({"en": "Hidden Keynote"}, {}, {}, {}, speakers=(SpeakerPart(zoya), SpeakerPart(olga))),
        now,
    )
    call = make_call(edition, utcnow())
    author = make_speaker(now, "ada@example.org", "Ada Secretova")
    proposal = make_proposal(edition, call, author, utcnow())
    accept_proposal(SYSTEM, edition.id, proposal.code, utcnow())
    with atomic():
        db.session.query(Speaker).filter_by(slug=olga).update({"is_public": True})
        for session in db.session.query(Session):
            place = {"starts_at": now, "ends_at": now + timedelta(hours=1)}
            db.session.add(Placement(session_id=session.id, edition_id=edition.id, **place))
    return {
        "slug": [shown, hidden, olga, zoya, "ada-secretova", "data-for-everyone", call.slug],
        "code": [proposal.code],
        "name": list(FORMATS),
    }


def test_drafts_when_a_reviewer_opens_every_page_and_file_then_are_nowhere(
    app: Flask, edition: EditionFacts, program: dict[str, list[str]], sign_in: SignIn
) -> None:
    reviewer, organizer = sign_in(Role.REVIEWER), sign_in(Role.ORGANIZER)
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    paths = [path for rule in rules if not rule.rule.startswith("/api/") for path in _fill(rule, program)]
    paths += [f"/organizer/program/sessions?state={state}" for state in ("draft", "unplaced", "published")]
    paths += [f"/organizer/{path}?q=secretova" for path in ("search", "program/sessions", "program/speakers")]
    paths += ["/organizer/search?q=hidden", "/program?q=secretova", "/program?q=hidden"]

    leaks = {path: found for path in paths if (found := _secrets_in(reviewer.get(path)))}

    assert len(paths) > 150
    assert leaks == {}
    # The walk would find them: organizers see them.
    shown = ("program/sessions?state=draft", "program/speakers", "search?q=secretova", "program/versions")
    assert [path for path in shown if not _secrets_in(organizer.get(f"/organizer/{path}"))] == []


def test_drafts_when_a_token_may_only_read_then_are_in_no_answer_of_the_api(
    app: Flask, edition: EditionFacts, program: dict[str, list[str]]
) -> None:
    headers = {"Authorization": f"Bearer {make_token(edition, Permission.PROGRAM_READ, Permission.REVIEW)}"}
    reader, manager = app.test_client(), Api(app, make_token(edition))
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/v1/")]
    rules = [rule for rule in rules if "GET" in (rule.methods or ())]
    wanted = {**program, "id": program["slug"]}
    paths = [path for rule in rules for path in _fill(rule, wanted)]

    answers = {path.removeprefix("/api/v1"): reader.get(path, headers=headers) for path in paths}

    assert {path: found for path, answer in answers.items() if (found := _secrets_in(answer))} == {}
    assert {path: answers[path].status_code for path in ("/sessions/hidden-keynote", "/speakers/zoya-secretova")} == {
        "/sessions/hidden-keynote": 404,
        "/speakers/zoya-secretova": 404,
    }
    assert (answers["/sessions/open-data"].status_code, answers["/sessions/open-data"].get_json()["notes"]) == (200, "")
    assert answers["/speakers/olga-open"].get_json()["sessions"] == ["open-data"]
    assert _secrets_in(manager.get("/sessions/hidden-keynote")) == ["Secretova", "Hidden Keynote"]
    assert _secrets_in(manager.get("/sessions/open-data")) == ["Confidential note"]


@pytest.mark.parametrize(
    "path", ["sessions/hidden-keynote", *(f"speakers/zoya-secretova{each}" for each in ("", "/photo"))]
)
def test_draft_when_a_reviewer_opens_its_page_then_not_found(
    path: str, program: dict[str, list[str]], sign_in: SignIn
) -> None:
    assert sign_in(Role.REVIEWER).get(f"/organizer/program/{path}").status_code == 404


def _fill(rule: Rule, values: dict[str, list[str]]) -> list[str]:
    """Return the addresses of a route with every value that fits each of its arguments."""
    paths = [rule.rule]
    for match in re.finditer(r"<(?:any\(([^)]*)\):|\w+:)?(\w+)>", rule.rule):
        options = [each.strip(" '\"") for each in match[1].split(",")] if match[1] else values.get(match[2], ["1"])
        paths = [path.replace(match[0], option) for path in paths for option in options]
    return paths


def _secrets_in(answer: TestResponse) -> list[str]:
    """Return the secrets in an answer; PDFs and workbooks are read."""
    content = answer.data
    answer.close()
    if content.startswith(b"%PDF"):
        with TemporaryDirectory() as folder:
            text = words(content, Path(folder))
    elif is_zipfile(BytesIO(content)):
        with ZipFile(BytesIO(content)) as parts:
            text = "\n".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
    else:
        text = content.decode("utf-8", "replace")
    return [secret for secret in SECRETS if secret in text]
