"""Anything may be sent to any parameter of any route: no answer is an internal error. On PostgreSQL."""

import json
from dataclasses import dataclass
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from expo.accounts.rules import SYSTEM, Permission
from expo.accounts.services import create_admin, create_api_token
from expo.api.v1.version import v1
from expo.exhibitors.rules import read_companies
from expo.flows.exhibitor_import import import_exhibitors
from expo.flows.program_import import import_program, read_schedule_file
from expo.infra.clock import utcnow
from expo.infra.db import db
from expo.infra.jobs import drain
from expo.infra.limits import RateLimits
from expo.program.queries import list_sessions, list_speakers
from expo.proposals.rules import Criterion, RoundRequest
from expo.proposals.services import create_round
from expo.questions.rules import Field, FieldKind, Option
from expo.questions.services import add_field
from tests.conftest import make_edition
from tests.databases import PostgresDatabase
from tests.domains.checkin.doors import make_checkpoint
from tests.domains.proposals.makers import make_call, make_draft, make_speaker
from tests.house.hostile import VALUES, PageForm, crawl, example_of, fill, list_addresses, list_bodies
from tests.make import make_attendee, make_registration
from tests.sessions import browser_of

pytestmark = [pytest.mark.postgresql, pytest.mark.long]

SCHEDULE = """<schedule><conference><title>T</title></conference><day index="1" date="2027-05-26">
<room name="Hall 1"><event id="1"><start>09:00</start><duration>01:00</duration><title>Data for everyone</title>
<track>Data</track><language>en</language><persons><person id="1">王芳</person></persons></event></room></day>
</schedule>"""
COMPANIES = "name,booth venue,booth number,categories,country\nYunshang,Hall 1,A1,Big Data,China\n"
FAILURE = 500


@dataclass(frozen=True)
class World:
    """A small expo with something of everything, by the names that addresses use, and the forms on its pages."""

    known: dict[str, str]
    forms: list[PageForm]
    copy: str


@pytest.fixture(scope="module")
def world(_postgres_app: Flask, _postgres: PostgresDatabase) -> World:
    """The expo, made and looked through once, and a copy of its database, from which each test gets its own."""
    with _postgres_app.app_context():
        db.session.remove()
        _postgres.reset(db.engine)
        _let_everybody_be_fast(_postgres_app)
        known = _make_known()
        browser = browser_of(_postgres_app, create_admin(SYSTEM, "admin@example.org", utcnow()))
        forms = crawl(_postgres_app, browser, _starts(known))
        db.session.remove()
        return World(known, forms, _postgres.save(db.engine))


@pytest.fixture
def known(pg_app: Flask, world: World, _postgres: PostgresDatabase) -> dict[str, str]:
    """What is known of the expo, which the test's database has."""
    _postgres.restore(world.copy, db.engine)
    return world.known


def _make_known() -> dict[str, str]:
    """Make the expo. Its administrator attends too."""
    now = utcnow()
    edition = make_edition(now)
    made = make_attendee(edition, now, email="admin@example.org")
    make_registration(edition, now)
    import_program(SYSTEM, edition.id, read_schedule_file(edition, SCHEDULE.encode()), now)
    import_exhibitors(SYSTEM, edition.id, read_companies(COMPANIES.encode()), now)
    make_checkpoint(edition, now)
    # A call whose address is like that of the session, with questions, and a proposal of the administrator.
    call = make_call(edition, now, title={"en": "Data for everyone"})
    for kind in FieldKind:
        options = (Option("a", {"en": "A"}),) if "choice" in kind else ()
        add_field(SYSTEM, edition.id, call.form_id, Field(kind.value, kind, {"en": kind.value}, options=options), now)
    criteria = (Criterion("c1", {"en": "Relevance"}),)
    create_round(SYSTEM, edition.id, call.slug, RoundRequest({"en": "Data for everyone"}, criteria=criteria), now)
    make_draft(edition, call, make_speaker(now, "admin@example.org"), now)
    drain(now)
    return {
        "edition": str(edition.id),
        "code": made.code,
        "day": "2027-05-26",
        "session": list_sessions(edition.id)[0].slug,
        "speaker": list_speakers(edition.id)[0].slug,
        "slug": list_sessions(edition.id)[0].slug,
        "company": "yunshang",
    }


@pytest.fixture
def browser(pg_app: Flask, known: dict[str, str]) -> FlaskClient:
    return browser_of(pg_app, create_admin(SYSTEM, "admin@example.org", utcnow()))


@pytest.fixture(autouse=True)
def _answers_failures(pg_app: Flask) -> None:
    """Return failures as responses, as visitors get them, and lift the rate limits."""
    pg_app.config["PROPAGATE_EXCEPTIONS"] = False
    _let_everybody_be_fast(pg_app)


def _let_everybody_be_fast(app: Flask) -> None:
    app.extensions["expo_limits"] = RateLimits("", enabled=False)


@pytest.fixture(autouse=True, scope="module")
def _as_before(_postgres_app: Flask) -> object:
    yield
    _postgres_app.config["PROPAGATE_EXCEPTIONS"] = None


def _starts(known: dict[str, str]) -> list[str]:
    """Return the pages from which all others are found."""
    return [
        "/organizer/",
        "/",
        "/me",
        "/door/",
        "/register",
        "/sign-in",
        "/account",
        "/account/confirm",
        "/account/password",
        "/speaker",
        "/speaker/profile",
        "/exhibitor/yunshang/leads",
        f"/me/{known['code']}/sharing",
        "/organizer/calls",
        "/organizer/proposals",
        "/organizer/reviews",
        "/organizer/reviews/rounds/new",
        f"/organizer/reviews/rounds/{known['slug']}",
    ]


def _status(browser: FlaskClient, address: str) -> int:
    with browser.get(address) as answer:
        return answer.status_code


@pytest.mark.parametrize("kind", VALUES)
def test_address_when_a_part_of_it_is_hostile_then_no_failure(
    pg_app: Flask, known: dict[str, str], browser: FlaskClient, kind: str
) -> None:
    addresses = list(list_addresses(pg_app, known, VALUES[kind]))

    failed = [each[:100] for each in addresses if _status(browser, each) >= FAILURE]

    assert len(addresses) > 60
    assert failed == []


@pytest.mark.parametrize("kind", VALUES)
def test_form_when_one_field_is_hostile_then_no_failure(world: World, browser: FlaskClient, kind: str) -> None:
    failed = {
        f"{form.method} {form.path} {name}"
        for form in world.forms
        for name, _own in form.fields
        if form.send(browser, name, VALUES[kind]) >= FAILURE
    }

    assert len(world.forms) > 30
    assert failed == set()


@pytest.mark.parametrize("kind", VALUES)
def test_api_when_one_value_is_hostile_then_no_failure(
    pg_app: Flask, known: dict[str, str], now: datetime, kind: str
) -> None:
    secret = create_api_token(SYSTEM, int(known["edition"]), "test", list(Permission), now)
    client = pg_app.test_client()
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
    failed = []
    for route in (each for each in v1.declared if each.body is not None):
        for value in (VALUES[kind], int(VALUES[kind]) if kind == "beyond" else None):
            for body in list_bodies(example_of(route.body), value):
                path = fill(f"/api/v1{route.path}", known)
                answer = client.open(path, method=route.method, data=json.dumps(body), headers=headers)
                if answer.status_code >= FAILURE:
                    failed.append(f"{route.name}: {str(body)[:200]}")

    assert failed == []
