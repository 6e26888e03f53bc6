"""What an attendee shares with exhibitors: who scanned their badge, and how they stop sharing."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from expo.accounts.rules import Level
from expo.editions.queries import EditionFacts
from expo.infra.clock import utcnow
from expo.leads.services import empty_withdrawn_leads
from tests.exhibitors import make_member
from tests.make import make_attendee
from tests.sessions import browser_of
from tests.web.exhibitor.leads.booths import Booth, make_booth


@pytest.fixture
def booth(app: Flask, edition: EditionFacts, now: datetime) -> Booth:
    return make_booth(app, edition, now)


@pytest.fixture
def sharing(booth: Booth) -> str:
    return f"/en/me/{booth.visitor.code}/sharing"


def test_me_when_the_badge_was_scanned_then_the_company_is_shown_even_after_a_mailed_link(booth: Booth) -> None:
    visitor = browser_of(booth.app, booth.visitor.attendee.person_id, level=Level.LINK)
    assert "No exhibitor has scanned your badge yet" in visitor.get("/en/me/").text

    booth.scan()

    page = visitor.get("/en/me/").text
    assert "Who scanned my badge" in page
    assert "Yunshang" in page
    assert "Stop sharing with Yunshang" in page


def test_sharing_when_chosen_then_applies_to_earlier_scans_at_once(booth: Booth, sharing: str) -> None:
    visitor = browser_of(booth.app, booth.visitor.attendee.person_id, level=Level.LINK)
    booth.scan()

    visitor.post(sharing, data={"fields": ["company", "email", "phone"], "phone": "+86 851 1234 5678"})

    contact = booth.leads[0].contact
    assert (contact.name, contact.company, contact.country) == ("", "Dataflow", "")
    assert (contact.email, contact.phone) == ("fang@yunshang.test", "+8685112345678")
    assert "Name not shared" in booth.browser.get(booth.path).text


def test_phone_when_shared_without_a_number_then_asked_for_it(booth: Booth, sharing: str) -> None:
    visitor = browser_of(booth.app, booth.visitor.attendee.person_id)

    missing = visitor.post(sharing, data={"fields": ["phone"], "phone": ""})
    wrong = visitor.post(sharing, data={"fields": [], "phone": "call me"})

    assert (missing.status_code, wrong.status_code) == (422, 422)
    assert "Enter the phone number that you want to share." in missing.text


def test_sharing_when_stopped_then_nothing_is_left_but_an_empty_row_and_undo_restores(
    booth: Booth, sharing: str
) -> None:
    visitor = browser_of(booth.app, booth.visitor.attendee.person_id, level=Level.LINK)
    booth.scan(note="Wants a demo", rating=5)
    address = f"{booth.path}/{booth.leads[0].code}"

    visitor.post(f"{sharing}/{booth.slug}/stop")

    seen = [
        booth.browser.get(path).text
        for path in (booth.path, address, f"{booth.path}/export.csv", f"{booth.path}/export.vcf")
    ]
    for secret in ("王芳", "Dataflow", "Wants a demo"):
        assert not any(secret in each for each in seen)
    assert "The visitor stopped sharing their details with you." in seen[0]
    assert booth.browser.post(address, data={"status": "won", "version": 9}).status_code == 409
    assert "Undo" in visitor.get(sharing).text

    visitor.post(f"{sharing}/{booth.slug}/resume")

    (lead,) = booth.leads
    assert (lead.contact.name, lead.rating, [note.text for note in lead.notes]) == ("王芳", 5, ["Wants a demo"])


def test_sharing_when_stopped_for_longer_then_what_was_noted_is_deleted_for_good(booth: Booth, sharing: str) -> None:
    visitor = browser_of(booth.app, booth.visitor.attendee.person_id)
    booth.scan(note="Wants a demo", rating=5)
    visitor.post(f"{sharing}/{booth.slug}/stop")

    assert empty_withdrawn_leads(utcnow() + timedelta(minutes=14)) == 0
    assert empty_withdrawn_leads(utcnow() + timedelta(minutes=16)) == 1
    assert empty_withdrawn_leads(utcnow() + timedelta(minutes=17)) == 0
    visitor.post(f"{sharing}/{booth.slug}/resume")

    (lead,) = booth.leads
    assert (lead.contact.name, lead.rating, lead.notes) == ("王芳", None, ())


def test_sharing_when_of_somebody_else_then_not_found(booth: Booth, sharing: str, now: datetime) -> None:
    booth.scan()
    other = make_attendee(booth.edition, now, name="Ann")
    strangers = [browser_of(booth.app, other.attendee.person_id), booth.browser]
    strangers.append(booth.browser_of(make_member(booth.edition, booth.slug, now, "Zhao Min")))

    for browser in strangers:
        assert browser.get(sharing).status_code == 404
        assert browser.post(f"{sharing}/{booth.slug}/stop").status_code == 404
        assert "Yunshang" not in browser.get("/en/me/").text
    assert booth.leads[0].withdrawn_at is None
