"""The pages of a company's webhooks."""

import re
from datetime import datetime

import pytest
from flask import Flask

from expo.editions.queries import EditionFacts
from expo.exhibitors.rules import MemberRole
from expo.infra.clock import utcnow
from expo.infra.jobs import drain
from tests.exhibitors import make_exhibitor, make_member
from tests.web.exhibitor.leads.booths import Booth, make_booth

FORM = {"url": "https://127.0.0.1/hook", "events": ["lead.created"]}


@pytest.fixture
def booth(app: Flask, edition: EditionFacts, now: datetime) -> Booth:
    return make_booth(app, edition, now)


def test_webhook_when_added_then_secret_once_and_a_test_shows_why_it_failed(booth: Booth) -> None:
    address = f"/en/exhibitor/{booth.slug}/webhooks"

    made = booth.browser.post(address, data=FORM).text
    found = re.search(r"/webhooks/(\d+)", made)
    assert found is not None
    endpoint = f"{address}/{found[1]}"
    booth.browser.post(f"{endpoint}/test")
    drain(utcnow())
    page = booth.browser.get(endpoint).text

    assert "whsec_" in made
    assert "whsec_" not in booth.browser.get(address).text + page
    assert "The address leads to a private network" in page
    assert "whsec_" in booth.browser.post(f"{endpoint}/secret").text
    booth.browser.post(f"{endpoint}/pause")
    assert "Paused" in booth.browser.get(address).text
    assert "Delete this webhook?" in booth.browser.get(f"{endpoint}/delete").text
    booth.browser.post(f"{endpoint}/delete")
    assert "No webhooks yet" in booth.browser.get(address).text


def test_webhook_when_the_form_is_wrong_then_says_what_to_correct(booth: Booth) -> None:
    address = f"/en/exhibitor/{booth.slug}/webhooks"

    for form, sentence in (
        ({"url": "crm", "events": ["lead.created"]}, "Enter a web address such as"),
        ({"url": "https://crm.example.com"}, "Choose at least one event."),
    ):
        answer = booth.browser.post(address, data=form)
        assert answer.status_code == 422
        assert sentence in answer.text


def test_webhooks_when_somebody_else_asks_then_nothing(booth: Booth, edition: EditionFacts, now: datetime) -> None:
    address = f"/en/exhibitor/{booth.slug}/webhooks"
    booth.browser.post(address, data=FORM)
    rival_slug = make_exhibitor(edition, "Rival")
    rival = booth.browser_of(make_member(edition, rival_slug, now))
    representative = booth.browser_of(make_member(edition, booth.slug, now, "Zhao Min", MemberRole.REPRESENTATIVE))

    assert representative.get(address).status_code == 403
    for act in ("test", "secret", "pause"):
        assert rival.post(f"{address}/1/{act}").status_code == 404
        assert rival.post(f"/en/exhibitor/{rival_slug}/webhooks/1/{act}").status_code == 404
    assert rival.get(f"/en/exhibitor/{rival_slug}/webhooks/1").status_code == 404
