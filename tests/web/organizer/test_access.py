"""Which role opens which page: every page of the organizer is asked for by everybody."""

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from expo.accounts.rules import Role
from expo.editions.queries import EditionFacts
from tests.make import make_attendee
from tests.web.organizer.conftest import SignIn

ORGANIZER, PROGRAM, DESK, REVIEWER, STEWARD, SPEAKER = (
    Role.ORGANIZER,
    Role.PROGRAM_MANAGER,
    Role.DESK,
    Role.REVIEWER,
    Role.STEWARD,
    Role.SPEAKER,
)
PAGES = {
    "/organizer/attendees": {ORGANIZER, DESK},
    "/organizer/attendees/export.csv": {ORGANIZER, DESK},
    "/organizer/program/sessions": {ORGANIZER, PROGRAM, REVIEWER},
    "/organizer/program/speakers": {ORGANIZER, PROGRAM, REVIEWER},
    "/organizer/reviews": {ORGANIZER, PROGRAM, REVIEWER},
    "/organizer/exhibitors": {ORGANIZER},
    "/organizer/exhibitors/imports/new": {ORGANIZER},
    "/organizer/checkpoints": {ORGANIZER},
    "/organizer/program/imports/new": {ORGANIZER, PROGRAM},
    "/organizer/program/versions": {ORGANIZER, PROGRAM},
    "/organizer/program/timetable": {ORGANIZER, PROGRAM},
    "/organizer/program/timetable/checks": {ORGANIZER, PROGRAM},
    "/organizer/styleguide": {ORGANIZER, PROGRAM},
    "/organizer/checkpoints/new": {ORGANIZER},
    "/organizer/emails": {ORGANIZER},
    "/organizer/settings": {ORGANIZER},
    "/organizer/settings/expo": {ORGANIZER},
    "/organizer/settings/tickets": {ORGANIZER},
    "/organizer/settings/tickets/new": {ORGANIZER},
    "/organizer/settings/quotas": {ORGANIZER},
    "/organizer/settings/quotas/new": {ORGANIZER},
    "/organizer/settings/team": {ORGANIZER},
    "/organizer/settings/api-tokens": {ORGANIZER},
    "/organizer/settings/badge-keys": {ORGANIZER},
    "/organizer/settings/badge-keys/rotate": {ORGANIZER},
    "/organizer/settings/expos": set(),
    "/organizer/search?q=": {ORGANIZER, PROGRAM, DESK, REVIEWER},
}


@pytest.mark.parametrize("role", [ORGANIZER, PROGRAM, DESK, REVIEWER, STEWARD, SPEAKER])
def test_pages_when_asked_for_by_a_role_then_open_to_those_that_need_them(
    role: Role, sign_in: SignIn, edition: EditionFacts
) -> None:
    browser = sign_in(role)
    answers = {path: browser.get(path).status_code for path in PAGES}
    assert answers == {path: 200 if role in allowed else 403 for path, allowed in PAGES.items()}


def test_pages_when_nobody_is_signed_in_then_lead_to_the_sign_in(client: FlaskClient, edition: EditionFacts) -> None:
    answers = {client.get(path).headers.get("Location", "").partition("?")[0] for path in PAGES}
    assert answers == {"/sign-in"}


@pytest.mark.parametrize(("role", "place"), [(DESK, "/organizer/attendees"), (REVIEWER, "/organizer/program/sessions")])
def test_today_when_a_role_may_not_see_figures_then_leads_to_its_own_work(
    role: Role, place: str, sign_in: SignIn
) -> None:
    answer = sign_in(role).get("/organizer/")
    assert (answer.status_code, answer.location) == (302, place)


@pytest.mark.parametrize("role", [ORGANIZER, PROGRAM])
def test_today_when_a_role_may_see_figures_then_shows_them(role: Role, sign_in: SignIn) -> None:
    assert sign_in(role).get("/organizer/").status_code == 200


def test_administrator_when_asking_for_any_page_then_it_opens(admin: FlaskClient) -> None:
    assert {path: admin.get(path).status_code for path in PAGES} == dict.fromkeys(PAGES, 200)


def test_navigation_when_the_desk_looks_then_only_people_is_in_it(sign_in: SignIn, edition: EditionFacts) -> None:
    page = sign_in(DESK).get("/organizer/attendees").text
    shown = [
        word
        for word in ("/organizer/program/sessions", "/organizer/emails", "/organizer/checkpoints")
        if f'href="{word}"' in page
    ]
    assert shown == []


@pytest.mark.parametrize("act", ["approve", "reject", "cancel", "paid", "resend", "reissue", "revoke"])
def test_acts_when_only_asked_for_then_nothing_changes(
    act: str, organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    made = make_attendee(edition, now)
    before = organizer.get(f"/organizer/attendees/{made.code}").text.count("timeline")
    assert organizer.get(f"/organizer/attendees/{made.code}/{act}").status_code == 200
    assert organizer.get(f"/organizer/attendees/{made.code}").text.count("timeline") == before


def test_acts_when_sent_without_a_form_token_then_refused(
    app: Flask, organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    made = make_attendee(edition, now)
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        answers = [
            organizer.post(f"/organizer/attendees/{made.code}/cancel").status_code,
            organizer.post("/organizer/edition", data={"edition": edition.id}).status_code,
            organizer.post("/organizer/settings/badge-keys/rotate").status_code,
        ]
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert answers == [400, 400, 400]
