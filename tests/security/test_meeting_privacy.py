"""Nobody but the two sides learns of a meeting, lead or profile on any page, in any file, feed or API route."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from expo.accounts.rules import SYSTEM, Permission, Role
from expo.accounts.services import create_api_token, ensure_person, grant_role
from expo.api.v1.version import v1
from expo.editions.queries import EditionFacts
from expo.flows.meetings import accept_meeting, request_attendee, request_company, write_message
from expo.infra.db import atomic, db
from expo.leads.models import Lead, LeadNote
from expo.meetings.queries import list_slots
from expo.meetings.rules import MeetingRequest, SettingsRequest, TableRequest
from expo.meetings.services import Choice, add_tables, report_meeting
from expo.profiles.models import Profile
from expo.profiles.rules import Visibility
from tests.conftest import make_edition
from tests.house.hostile import fill
from tests.make import MadeAttendee
from tests.meetings import FIRST, MadeCompany, guest_of, make_company
from tests.profiles import make_person
from tests.sessions import browser_of

REDIRECT = 300
LINK = "https://meet.example/xyzzy"
# What only the two sides see: every text and the link; the guest, who is hidden; and the profile for exhibitors.
MEETING, PROFILE = ("xyzzy", "Xanthippe"), ("wibble", "Zebulon")
WORDS = (
    "meeting", "people", "profile", "calendar", "busy", "suggestion", "/me", "schedule", "/exhibitor", "/map", "report",
)  # fmt: skip


@dataclass(frozen=True)
class Made:
    """A company and its guest, their meeting, and what names them in addresses."""

    ann: MadeAttendee
    company: MadeCompany
    values: dict[str, str]


def make_meetings(edition: EditionFacts, now: datetime) -> Made:
    """Store a meeting with everything that can be written about it, a request among attendees, a lead, and profiles."""
    texts = ("headline", "about", "seeks_text", "offers_text")

    def person(name: str, word: str, visibility: Visibility) -> MadeAttendee:
        contact = {"name": name, "email": f"{word}@{edition.slug}.example", "company": word}
        return make_person(edition, now, visibility, contact, **dict.fromkeys(texts, word))

    ann = person("Xanthippe", "xyzzy", Visibility.NOBODY)
    person("Zebulon", "wibble", Visibility.EXHIBITORS)
    yvonne = make_person(edition, now, Visibility.EVERYONE, {"name": "Yvonne"})
    company, guest = make_company(edition, now), guest_of(edition, ann)
    first, second = (each.starts_at for each in list_slots(edition, SettingsRequest())[:2])
    add_tables(SYSTEM, edition.id, [TableRequest("T1")], now)
    code = request_company(guest, company.id, MeetingRequest("xyzzy", (first,), is_virtual=True), now)
    accept_meeting(company.party(edition), code, Choice(first, link=LINK), now)
    write_message(guest, code, "xyzzy", "k", now)
    report_meeting(company.party(edition), code, "xyzzy", now)
    request_attendee(guest, yvonne.id, MeetingRequest("xyzzy", (second,)), now)
    key = db.session.scalars(select(Profile.key).where(Profile.attendee_id == ann.id)).one()
    make_lead(ann, company, code, now)
    names = {"company": company.slug, "slug": company.slug, "code": code, "key": key, "day": "2027-05-26", "id": code}
    return Made(ann, company, names)


def make_lead(made: MadeAttendee, company: MadeCompany, code: str, now: datetime) -> None:
    """Store that a company scanned a badge, and what its team noted, under the code of their meeting."""
    with atomic():
        lead = Lead(exhibitor_id=company.id, attendee_id=made.id, code=code, first_at=now, last_at=now)
        db.session.add(lead)
        db.session.flush()
        db.session.add(LeadNote(lead_id=lead.id, text="xyzzy", written_at=now, changed_at=now))


@pytest.fixture
def other(edition: EditionFacts, now: datetime) -> EditionFacts:
    return make_edition(now, "expo-2028", 2028)


@pytest.fixture
def strangers(app: Flask, edition: EditionFacts, other: EditionFacts, now: datetime) -> dict[str, FlaskClient]:
    """People who take no part: with and without a registration, of other companies, and of the other edition."""
    ben = make_person(edition, now, Visibility.EVERYONE, {"name": "Ben"}).attendee.person_id
    chief = ensure_person("chief@example.org", "", "en", now)
    grant_role(SYSTEM, other.id, chief, Role.ORGANIZER, now)
    teams = [make_company(edition, now, "Cloud House"), make_company(other, now, "Elsewhere")]
    return {
        "nobody": app.test_client(),
        "attendee": browser_of(app, ben),
        "rival": browser_of(app, teams[0].actors[0].id or 0),
        "company of the other edition": browser_of(app, teams[1].actors[0].id or 0),
        "organizer of the other edition": browser_of(app, chief),
    }


def list_paths(app: Flask, values: dict[str, str]) -> Iterator[str]:
    """Give the address of every page, file and feed that has to do with meetings or people."""
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and any(word in rule.rule for word in WORDS):
            yield f"/en{fill(rule.rule, values)}"


def read(browser: FlaskClient, path: str) -> str:
    with browser.get(path) as answer:
        # Files that are not text, such as images, are compared as they are.
        return answer.get_data().decode("utf-8", "replace") if answer.status_code < REDIRECT else ""


def test_pages_when_the_two_sides_open_them_then_have_what_the_others_must_not_see(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    made = make_meetings(edition, now)
    guest, host = browser_of(app, made.ann.attendee.person_id), browser_of(app, made.company.actors[0].id or 0)

    host_pages = f"/en/exhibitor/{made.company.slug}"
    leads = [read(host, f"{host_pages}/leads{each}") for each in ("", f"/{made.values['code']}")]
    pages = [
        read(guest, f"/en/me/meetings/{made.values['code']}"),
        read(host, f"/en/exhibitor/{made.company.slug}/meetings/{made.values['code']}"),
    ]

    assert [LINK in page for page in pages] == [True, True]
    assert ["Xanthippe" in page for page in leads] == [True, True]
    assert ("Xanthippe" in pages[1], "Zebulon" in read(host, "/en/people")) == (True, True)


def test_pages_when_anybody_else_opens_them_then_show_nothing_of_the_meeting_and_the_people(
    app: Flask, edition: EditionFacts, other: EditionFacts, now: datetime, strangers: dict[str, FlaskClient]
) -> None:
    made = [make_meetings(each, now) for each in (edition, other)]
    paths = sorted({path for each in made for path in list_paths(app, each.values)})

    leaks = []
    for who, browser in strangers.items():
        # A rival may find those who want to be found by exhibitors; organizers of an edition see what is in it.
        secrets = MEETING if who == "rival" else MEETING + PROFILE
        for path in paths:
            page = "" if who.startswith("organizer") and "/organizer" in path else read(browser, path)
            leaks += [(who, path, secret) for secret in secrets if secret in page]

    assert len(paths) > 60
    assert leaks == []


def test_acts_when_anybody_else_sends_them_then_nothing_changes(
    app: Flask, edition: EditionFacts, now: datetime, strangers: dict[str, FlaskClient]
) -> None:
    made = make_meetings(edition, now)
    code, slug = made.values["code"], made.company.slug
    acts = ("accept", "decline", "propose", "cancel", "move", "assign", "link", "message", "block", "report", "rate")
    paths = (f"/en/me/meetings/{code}", f"/en/exhibitor/{slug}/meetings/{code}", f"/en/organizer/meetings/{code}")

    statuses = {
        browser.post(path, data={"act": act, "starts_at": FIRST.isoformat(), "text": "x", "rating": 1}).status_code
        for browser in strangers.values()
        for path in paths
        for act in acts
    }
    scans = {
        browser.post(f"/en/exhibitor/{slug}/meetings/check-in/scans", json={"scans": [{}]}).status_code
        for browser in strangers.values()
    }

    # Missing, not allowed, or first to sign in.
    assert (statuses, scans) == ({302, 403, 404}, {302, 404})
    guest = read(browser_of(app, made.ann.attendee.person_id), f"/en/me/meetings/{code}")
    assert (LINK in guest, "Scheduled" in guest) == (True, True)


def test_api_when_the_token_is_weak_or_of_the_other_edition_then_answers_nothing_of_the_meeting(
    app: Flask, edition: EditionFacts, other: EditionFacts, now: datetime
) -> None:
    made, client = make_meetings(edition, now), app.test_client()
    tokens = [
        create_api_token(SYSTEM, edition.id, "weak", [Permission.EXHIBITORS_READ], now),
        create_api_token(SYSTEM, other.id, "other", list(Permission), now),
    ]
    paths = [fill(f"/api/v1{each.path}", made.values) for each in v1.declared if each.method == "GET"]

    leaks = [
        (n, path)
        for n, token in enumerate(tokens)
        for path in paths
        if any(word in client.get(path, headers={"Authorization": f"Bearer {token}"}).text for word in MEETING)
    ]

    assert "/api/v1/meetings" in paths
    assert leaks == []
