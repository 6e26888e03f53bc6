"""Strings that break programs, in everything that people type into the forms of the programme.

The forms are found by following the links of organizers, reviewers and speakers, so that a new form is tested too.
"""

import os
from datetime import timedelta
from itertools import cycle, islice

import pytest
from flask import Flask
from flask.testing import FlaskClient

from expo.accounts.rules import SYSTEM
from expo.accounts.services import create_admin
from expo.editions.queries import EditionFacts
from expo.infra.clock import utcnow
from expo.program.services import add_to_agenda
from expo.proposals.queries import get_call
from expo.proposals.rules import Criterion, RoundRequest
from expo.proposals.services import create_round
from expo.questions.rules import Field, FieldKind, Option
from expo.questions.services import add_field
from tests.bad_input import find_code, strings
from tests.domains.proposals.makers import make_call, make_draft, make_proposal, make_speaker
from tests.house.hostile import PageForm, crawl, endpoint_of
from tests.make import make_attendee, make_session as make_published
from tests.sessions import browser_of
from tests.timetables import make_room, make_session

# More make the test longer, not better: every form starts with other strings than the one before.
REQUESTS = int(os.environ.get("EXPO_BAD_INPUT_REQUESTS", "8"))
STARTS = (
    "/organizer/program/sessions", "/organizer/program/speakers", "/organizer/program/tracks",
    "/organizer/program/types", "/organizer/program/timetable", "/organizer/program/versions", "/organizer/calls",
    "/organizer/proposals", "/organizer/reviews", "/organizer/reviews/rounds/new", "/cfp", "/speaker",
    "/speaker/profile", "/program", "/screens", "/me/feedback/over",
)  # fmt: skip
FAMILIES = (
    "organizer_sessions", "organizer_session", "organizer_speaker", "organizer_tracks", "organizer_timetable",
    "organizer_versions", "organizer_call", "organizer_proposals", "organizer_decisions", "organizer_review",
    "organizer_rankings", "organizer_seats", "organizer_feedback", "organizer_screens", "public_cfp", "public_program",
    "speaker", "attendee_feedback",
)  # fmt: skip
FAILURE = 500
EXPECTED_FORMS = 26


@pytest.fixture
def browser(app: Flask, edition: EditionFacts) -> FlaskClient:
    """An administrator who also reviews and speaks, in an expo with something of everything."""
    now = utcnow()
    make_session(edition, "data-for-everyone", "Ada")
    make_room(edition)
    make_published(edition, "Over", starts_at=now - timedelta(hours=3))
    attendee = make_attendee(edition, now, email="admin@example.org")
    add_to_agenda(SYSTEM, edition.id, attendee.id, "over", now)
    call = make_call(edition, now, title={"en": "Talks"})
    for kind in FieldKind:
        options = (Option("a", {"en": "A"}),) if "choice" in kind else ()
        add_field(SYSTEM, edition.id, call.form_id, Field(kind.value, kind, {"en": kind.value}, options=options), now)
    criteria = (Criterion("c1", {"en": "Relevance"}),)
    create_round(SYSTEM, edition.id, call.slug, RoundRequest({"en": "Round"}, criteria=criteria), now)
    make_draft(edition, call, make_speaker(now, "admin@example.org"), now)
    make_proposal(edition, get_call(edition.id, call.slug), make_speaker(now, "other@example.org"), now)
    return browser_of(app, create_admin(SYSTEM, "admin@example.org", now))


def list_forms(app: Flask, browser: FlaskClient) -> list[PageForm]:
    """Return the forms of the programme in which something is typed."""
    forms = crawl(app, browser, list(STARTS))
    own = [each for each in forms if endpoint_of(app, each.path, each.method.upper()).startswith(FAMILIES)]
    return [each for each in own if each.texts]


@pytest.mark.long
def test_forms_of_the_programme_when_odd_texts_are_typed_then_stored_or_refused_and_shown_harmless(
    app: Flask, browser: FlaskClient
) -> None:
    forms = list_forms(app, browser)
    odd = cycle(strings())
    failed, shown = [], []
    for form in forms:
        for _number in range(min(REQUESTS, -(-len(strings()) // len(form.texts)))):
            values = dict(zip(form.texts, islice(odd, len(form.texts)), strict=True))
            answer = form.fill(browser, values)
            if answer.status_code >= FAILURE:
                failed.append((form.path, values))
            if answer.mimetype == "text/html" and answer.data:
                shown += [(form.path, code) for code in find_code(answer.text)]

    pages = [browser.get(each, follow_redirects=True) for each in STARTS]
    assert len(forms) >= EXPECTED_FORMS
    assert failed == []
    assert shown + [code for page in pages for code in find_code(page.text)] == []
    assert {page.status_code for page in pages} == {200}
