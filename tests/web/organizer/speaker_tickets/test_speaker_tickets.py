"""Speakers' tickets on the organizer's pages, and the badge on the speaker's own."""

from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from expo.accounts.rules import SYSTEM, Role
from expo.editions.queries import EditionFacts
from expo.flows.proposals import withdraw_proposal
from expo.infra.clock import utcnow
from expo.infra.jobs import drain
from expo.program.queries import list_speaker_tickets
from expo.proposals.queries import get_call
from expo.proposals.rules import CallRequest
from expo.proposals.services import create_call
from expo.registration.queries import list_attendees_of_person
from expo.web.organizer.speaker_tickets import views
from tests.domains.proposals.makers import make_call
from tests.make import make_attendee, make_ticket_type
from tests.query_counts import listen_to_statements
from tests.sessions import browser_of
from tests.speakers import make_confirmed_talk
from tests.timetables import make_session
from tests.web.organizer.conftest import SignIn
from tests.web.query_counts import count_queries

PAGE = "/organizer/program/speaker-tickets"
# The session, the person, the edition and their roles; speakers, ticket types and their places; the last run.
QUERIES = 9


@pytest.fixture(autouse=True)
def _ticket_types(edition: EditionFacts, now: datetime) -> None:
    make_ticket_type(edition, now, "speaker", is_public=False, name={"en": "Speaker pass", "zh": "演讲嘉宾"})
    make_ticket_type(edition, now, "visitor")


def test_page_when_speakers_are_selected_then_tickets_are_issued_and_problems_named(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    call = make_call(edition, now)
    fang, _ = make_confirmed_talk(edition, now, call=call)
    make_confirmed_talk(edition, now, "nowhere@example.org", call, name="Nowhere <b>", country="")
    slugs = [each.slug for each in list_speaker_tickets(edition.id)]
    page = organizer.get(PAGE)

    done = organizer.post(PAGE, data={"ticket": "speaker", "speakers": slugs}, follow_redirects=True).text

    document = html.fromstring(page.text)
    assert document.xpath("//input[@name='speakers']/@value") == slugs
    assert document.xpath("//select[@name='ticket']/option[@selected]/@value") == ["speaker"]
    assert "1 ticket issued." in done
    assert "Nowhere &lt;b&gt;: The country or region is missing." in done
    assert [each.ticket_type_code for each in list_attendees_of_person(fang.id or 0, edition.id)] == ["speaker"]
    issued = organizer.get(f"{PAGE}?status=issued").text
    assert ("Speaker pass" in issued, "Confirmed" in issued) == (True, True)


def test_page_when_many_speakers_are_selected_then_the_worker_issues_the_tickets(
    organizer: FlaskClient, edition: EditionFacts, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "MAX_TICKETS", 1)
    call = make_call(edition, now)
    make_confirmed_talk(edition, now, call=call)
    make_confirmed_talk(edition, now, "nowhere@example.org", call, name="Nowhere <b>", country="")
    slugs = [each.slug for each in list_speaker_tickets(edition.id)]
    form = {"ticket": "speaker", "speakers": slugs}

    assert organizer.get(f"{PAGE}/issue").location == PAGE
    assert organizer.get(f"{PAGE}?select=all").text.count(" checked") == len(slugs)
    progress = organizer.post(PAGE, data=form, follow_redirects=True).text
    busy = organizer.post(PAGE, data=form, follow_redirects=True).text
    drain(utcnow())
    done = organizer.get(f"{PAGE}/issue", headers={"HX-Request": "true"}).text

    assert '<progress max="2" value="0"' in progress
    assert "Tickets are being issued: 0 of 2 speakers." in busy
    assert "Tickets are being issued to speakers already." in busy
    assert ("<html" in done, "The tickets are issued" in done) == (False, True)
    assert "<bdi>Nowhere &lt;b&gt;</bdi></strong><br>The country or region is missing." in done


def test_page_when_nothing_is_chosen_then_says_what_to_choose(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    assert "No speakers yet" in organizer.get(PAGE).text
    make_confirmed_talk(edition, now)

    nobody = organizer.post(PAGE, data={"ticket": "speaker"}, follow_redirects=True).text
    nothing = organizer.post(PAGE, data={"ticket": "", "speakers": ["x"]}, follow_redirects=True).text

    assert "Select at least one speaker." in nobody
    assert "Choose a ticket." in nothing
    assert organizer.post(PAGE, data={"ticket": "speaker", "speakers": ["x"]}).status_code == 404
    assert "No speakers with this status" in organizer.get(f"{PAGE}?status=issued").text


def test_speaker_page_when_opened_then_issues_one_ticket_and_links_to_the_attendee(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_confirmed_talk(edition, now)
    make_session(edition, "opening", "Ada")
    (ada, fang) = sorted(list_speaker_tickets(edition.id), key=lambda each: each.slug)
    speaker_page = f"/organizer/program/speakers/{fang.slug}"

    before = organizer.get(speaker_page).text
    done = organizer.post(f"{PAGE}/{fang.slug}/issue", data={"ticket": "speaker"}, follow_redirects=True).text
    again = organizer.post(f"{PAGE}/{fang.slug}/issue", data={"ticket": "speaker"}, follow_redirects=True).text

    (code,) = [each.attendee_code for each in list_speaker_tickets(edition.id) if each.attendee_code]
    assert "Issue ticket" in before
    assert "The badge is on its way by e-mail." in done
    assert (f"/organizer/attendees/{code}" in done, "Issue ticket" in done) == (True, False)
    assert "Issued the speaker’s ticket" in done
    assert "This speaker already has a ticket." in again
    assert "has no account" in organizer.get(f"/organizer/program/speakers/{ada.slug}").text


def test_page_when_somebody_no_longer_speaks_then_organizers_are_asked(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    call = make_call(edition, now, speaker_ticket="speaker")
    fang, talk = make_confirmed_talk(edition, now, call=call)
    zoe, other = make_confirmed_talk(edition, now, "zoe@example.org", call, name="Zoe")
    withdraw_proposal(fang, edition.id, talk.code, now)
    withdraw_proposal(zoe, edition.id, other.code, now)
    slugs = {each.email: each.slug for each in list_speaker_tickets(edition.id)}

    overview, page = organizer.get("/organizer/").text, organizer.get(f"{PAGE}?status=issued").text
    kept = organizer.post(f"{PAGE}/{slugs['fang@example.org']}/keep", follow_redirects=True).text
    question = organizer.get(f"{PAGE}/{slugs['zoe@example.org']}/cancel").text
    cancelled = organizer.post(f"{PAGE}/{slugs['zoe@example.org']}/cancel", follow_redirects=True).text

    assert "tickets belong to people who are no longer speaking" in overview
    assert "2 people have a speaker’s ticket but are no longer speaking." in page
    assert "The registration is kept." in kept
    assert "Cancel the registration of Zoe?" in question
    assert "The registration has been cancelled." in cancelled


def test_page_when_opened_by_others_then_refused_and_program_managers_cannot_issue(
    sign_in: SignIn, edition: EditionFacts, now: datetime
) -> None:
    make_confirmed_talk(edition, now)
    (ticket,) = list_speaker_tickets(edition.id)
    manager, reviewer = sign_in(Role.PROGRAM_MANAGER), sign_in(Role.REVIEWER)

    page = manager.get(PAGE)

    assert (page.status_code, "Issue tickets" in page.text) == (200, False)
    assert "Organizers can issue one." in manager.get(f"/organizer/program/speakers/{ticket.slug}").text
    for path in ("", f"/{ticket.slug}/issue", f"/{ticket.slug}/keep", f"/{ticket.slug}/cancel"):
        answer = manager.post(f"{PAGE}{path}", data={"ticket": "speaker", "speakers": [ticket.slug]})
        assert answer.status_code == 403
    assert (reviewer.get(PAGE).status_code, sign_in().get(PAGE).status_code) == (403, 403)


@pytest.mark.parametrize("count", [1, 3])
def test_page_when_there_are_more_speakers_then_no_more_queries(
    organizer: FlaskClient, edition: EditionFacts, now: datetime, count: int
) -> None:
    for number in range(count):
        make_session(edition, f"talk-{number}", f"Speaker{number}")
    path = f"{PAGE}?status=no_account"
    organizer.get(path)

    assert count_queries(organizer, path) == QUERIES


def test_call_when_edited_then_can_promise_a_ticket(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    slug = create_call(SYSTEM, edition.id, CallRequest({"en": "Talks"}, speaker_ticket="gone"), now)
    path = f"/organizer/calls/{slug}/edit"

    page = organizer.get(path).text
    refused = organizer.post(path, data={"title-en": "Talks", "speaker_ticket": "other"})
    organizer.post(path, data={"title-en": "Talks", "speaker_ticket": "speaker"})

    assert html.fromstring(page).xpath("//select[@name='speaker_ticket']/option[@selected]/@value") == ["gone"]
    assert refused.status_code == 422
    assert get_call(edition.id, slug).speaker_ticket == "speaker"


def test_own_page_when_a_speaker_has_a_ticket_then_shows_the_badge_and_before_says_what_is_missing(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    call = make_call(edition, utcnow(), speaker_ticket="speaker")
    fang, _ = make_confirmed_talk(edition, now, call=call)
    zoe, _ = make_confirmed_talk(edition, now, "zoe@example.org", call, name="Zoe", country="")
    later, _ = make_confirmed_talk(edition, now, "later@example.org", make_call(edition, utcnow()), name="Later")
    mine, hers, his = (browser_of(app, each.id or 0) for each in (fang, zoe, later))

    shown = mine.get("/speaker").text
    waiting = hers.get("/speaker").text
    hers.post("/speaker/profile", data={"name": "Zoe", "country": "DE"})

    assert ("Your badge" in shown, "Speaker pass" in shown, "/me/badge.pdf?attendee=" in shown) == (True, True, True)
    assert mine.get("/me/badge.pdf").content_type == "application/pdf"
    assert "Enter your country or region in your profile" in waiting
    assert "Speaker pass" in hers.get("/speaker").text
    assert "The organizers will send you your badge by e-mail." in his.get("/speaker").text


def test_page_when_all_are_selected_then_those_of_every_page_are(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_session(edition, "opening", *(f"Speaker{number:03}" for number in range(203)))
    path = f"{PAGE}?status=no_account"

    none, every = (organizer.get(each).text for each in (path, f"{path}&select=all"))

    boxes = "//input[@name='speakers']"
    preview = organizer.post(f"{PAGE}/without-account", data={"scope": "all"}).text
    assert (len(_find(none, boxes)), _find(none, f"{boxes}[@checked]")) == (50, [])
    assert len(_find(every, f"{boxes}[@checked][@disabled]")) == 50
    assert (_find(every, "//input[@name='scope']/@value"), len(_find(preview, boxes))) == (["all"], 203)
    assert "All 203 speakers are selected, on all pages." in every
    assert _find(none, "//a[contains(., 'Select all')]/@href") == [f"{path}&select=all"]
    assert _find(every, "//a[contains(., 'Select none')]/@href") == [path]


def test_speakers_without_an_account_when_selected_then_previewed_with_counts_and_registered_once(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_session(edition, "opening", "Ada", "Bo", "Cy", "Di")
    for name in ("ada", "di"):
        organizer.post(
            f"/organizer/program/speakers/{name}/edit",
            data={"name-en": name.title(), "email": f"{name}@example.org", "version": _version(organizer, name)},
        )
    cy = make_attendee(edition, now, email="cy@example.org", name="Cy", company="Data <Works>")
    make_attendee(edition, now, email="di@example.org", name="Diana")
    slugs = ["ada", "bo", "cy", "di"]

    nobody = organizer.post(f"{PAGE}/without-account", follow_redirects=True).text
    preview = organizer.post(f"{PAGE}/without-account", data={"speakers": slugs}).text
    wanted = {"speakers": slugs, "ticket": "speaker", "same-cy": cy.code}
    unclear = organizer.post(f"{PAGE}/without-account/register", data=wanted)
    done = organizer.post(f"{PAGE}/without-account/register", data={**wanted, "country": "CN"}, follow_redirects=True)
    again = organizer.post(f"{PAGE}/without-account", data={"speakers": slugs}, follow_redirects=True).text

    assert "Select at least one speaker." in nobody
    assert [" ".join(str(each).split()) for each in _find(preview, "//form//h2/text()")] == [
        "Possibly registered already (1)",
        "Invited by e-mail to confirm (1)",
        "Badge at the help desk (1)",
        "Registered already (1)",
    ]
    assert "Is Cy · Data &lt;Works&gt; · cy@example.org" in preview
    assert (unclear.status_code, "Choose a country or region." in unclear.text) == (422, True)
    assert "1 speaker was invited." in done.text
    assert "1 badge is ready to be printed at the help desk." in done.text
    assert "2 registrations now have the ticket." in done.text
    assert "These speakers have tickets already." in again
    assert {each.slug for each in list_speaker_tickets(edition.id) if each.attendee_id} == set(slugs)


def test_preview_when_there_are_more_speakers_then_no_more_queries(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_session(edition, "opening", *(f"Speaker{number:03}" for number in range(20)))
    slugs = [each.slug for each in list_speaker_tickets(edition.id)]
    counts = [_count_posted(organizer, {"speakers": slugs[:count]}) for count in (1, 1, 20)]

    assert counts[1] == counts[2]


def test_speakers_without_an_account_when_a_programme_manager_asks_then_refused(
    sign_in: SignIn, edition: EditionFacts
) -> None:
    make_session(edition, "opening", "Ada")
    manager = sign_in(Role.PROGRAM_MANAGER)

    answers = [manager.post(f"{PAGE}/without-account{path}", data={"speakers": ["ada"]}) for path in ("", "/register")]

    assert [each.status_code for each in answers] == [403, 403]
    assert 'name="speakers"' not in manager.get(f"{PAGE}?status=no_account").text


def _version(browser: FlaskClient, slug: str) -> str:
    page = browser.get(f"/organizer/program/speakers/{slug}/edit").text
    return str(_find(page, "//input[@name='version']/@value")[0])


def _find(page: str, path: str) -> list[Any]:
    found: Any = html.fromstring(page).xpath(path)
    return list(found)


def _count_posted(browser: FlaskClient, data: dict[str, list[str]]) -> int:
    statements: list[str] = []

    with listen_to_statements(statements.append):
        assert browser.post(f"{PAGE}/without-account", data=data).status_code == 200
    return len(statements)
