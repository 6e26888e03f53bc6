"""Webhooks: a delivery is written with its event, signed, repeated until it arrives, and sent only to public hosts."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from expo.accounts.rules import Actor
from expo.editions.queries import EditionFacts
from expo.errors import Conflict, Invalid
from expo.flows.webhook_delivery import deliver_webhook
from expo.infra import outbound
from expo.infra.db import atomic, db
from expo.infra.jobs import drain
from expo.leads.queries import list_leads
from expo.leads.services import record_scans, stop_sharing
from expo.webhooks.errors import EndpointMissing
from expo.webhooks.models import WebhookDelivery, WebhookEndpoint
from expo.webhooks.queries import Delivery, list_deliveries
from expo.webhooks.rules import MAX_ATTEMPTS, DeliveryState
from expo.webhooks.services import (
    create_endpoint,
    delete_endpoint,
    delete_old_deliveries,
    queue_due_deliveries,
    queue_event,
    queue_test,
    resend_delivery,
    switch_endpoint,
)
from tests.domains.leads.test_scans import entry
from tests.domains.webhooks.receivers import Receiver, open_receiver
from tests.exhibitors import exhibitor_id_of, make_exhibitor, make_member
from tests.make import MadeAttendee, make_attendee

EVENTS = ["lead.created", "lead.updated", "lead.withdrawn"]


@pytest.fixture
def receiver(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    settings = replace(app.config["SETTINGS"], webhook_networks="127.0.0.0/8")
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    with open_receiver() as found:
        yield found


@pytest.fixture
def slug(app: Flask, edition: EditionFacts) -> str:
    return make_exhibitor(edition)


@pytest.fixture
def owner(edition: EditionFacts, slug: str) -> int:
    return exhibitor_id_of(edition, slug)


@pytest.fixture
def member(edition: EditionFacts, slug: str, now: datetime) -> Actor:
    return make_member(edition, slug, now)


@pytest.fixture
def visitor(edition: EditionFacts, slug: str, now: datetime) -> MadeAttendee:
    made = make_attendee(edition, now, name="王芳", email="fang@example.org")
    drain(now)
    return made


def _only(endpoint_id: int) -> Delivery:
    (delivery,) = list_deliveries(endpoint_id)
    return delivery


def _data(receiver: Receiver, place: int = -1) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(receiver.calls[place][1])
    return found


def test_lead_when_scanned_then_delivered_signed_with_what_is_shared_and_no_more(
    edition: EditionFacts,
    slug: str,
    owner: int,
    member: Actor,
    visitor: MadeAttendee,
    receiver: Receiver,
    now: datetime,
) -> None:
    endpoint_id, secret = create_endpoint(member, edition.id, owner, receiver.url, EVENTS, now)

    record_scans(member, edition.id, slug, [entry(visitor.token, now, note="Demo", rating=4)], now)
    drain(now)

    ((headers, body),) = receiver.calls
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    content = _data(receiver)
    assert (content["type"], content["data"]["rating"]) == ("lead.created", 4)
    assert (content["data"]["contact"]["name"], content["data"]["contact"]["email"]) == ("王芳", None)
    delivery = _only(endpoint_id)
    assert (delivery.state, delivery.last_status, delivery.attempts) == (DeliveryState.DELIVERED, 204, 1)


def test_lead_when_the_visitor_stops_before_the_delivery_then_their_data_is_not_sent(
    edition: EditionFacts,
    slug: str,
    owner: int,
    member: Actor,
    visitor: MadeAttendee,
    receiver: Receiver,
    now: datetime,
) -> None:
    create_endpoint(member, edition.id, owner, receiver.url, EVENTS, now)
    record_scans(member, edition.id, slug, [entry(visitor.token, now, note="Demo")], now)
    person = Actor("person", visitor.attendee.person_id, edition.id)
    stop_sharing(person, edition.id, visitor.id, slug, now)

    drain(now)

    assert sorted(_data(receiver, place)["type"] for place in range(2)) == ["lead.created", "lead.withdrawn"]
    for place in range(2):
        assert set(_data(receiver, place)["data"]) == {"id", "withdrawn_at", "withdrawal_reason"}


def test_events_when_of_another_company_or_paused_or_unwanted_then_not_queued(
    edition: EditionFacts,
    slug: str,
    owner: int,
    member: Actor,
    visitor: MadeAttendee,
    receiver: Receiver,
    now: datetime,
) -> None:
    rival = make_exhibitor(edition, "Rival")
    other = exhibitor_id_of(edition, rival)
    create_endpoint(member, edition.id, other, receiver.url, EVENTS, now)
    create_endpoint(member, edition.id, owner, receiver.url, ["lead.withdrawn"], now)
    paused, _secret = create_endpoint(member, edition.id, owner, receiver.url, EVENTS, now)
    switch_endpoint(member, owner, paused, now, is_active=False)

    record_scans(member, edition.id, slug, [entry(visitor.token, now)], now)
    drain(now)

    assert receiver.calls == []


def test_delivery_when_the_event_is_rolled_back_then_there_is_none(
    edition: EditionFacts, owner: int, member: Actor, receiver: Receiver, now: datetime
) -> None:
    create_endpoint(member, edition.id, owner, receiver.url, EVENTS, now)

    def queue_and_fail() -> None:
        with atomic():
            queue_event(owner, "lead.created", 1, now)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        queue_and_fail()

    assert db.session.scalars(select(WebhookDelivery)).all() == []


@pytest.mark.parametrize("status", [301, 404, 500])
def test_delivery_when_not_accepted_then_repeated_for_two_days_and_given_up_visibly(
    edition: EditionFacts, owner: int, member: Actor, receiver: Receiver, now: datetime, status: int
) -> None:
    receiver.status = status
    endpoint_id, _secret = create_endpoint(member, edition.id, owner, receiver.url, EVENTS, now)
    delivery_id = queue_test(owner, endpoint_id, now)
    moment = now

    for attempt in range(1, MAX_ATTEMPTS + 1):
        deliver_webhook(delivery_id, moment)
        deliver_webhook(delivery_id, moment)  # a job that runs twice makes no second attempt
        delivery = _only(endpoint_id)
        assert (delivery.attempts, delivery.last_status) == (attempt, status)
        moment = delivery.next_at or moment

    assert (delivery.state, len(receiver.calls)) == (DeliveryState.FAILED, MAX_ATTEMPTS)
    assert timedelta(days=1) < moment - now < timedelta(days=3)
    assert len({headers["webhook-id"] for headers, _ in receiver.calls}) == 1
    receiver.status = 200
    resend_delivery(owner, endpoint_id, delivery_id, moment)
    drain(moment)
    assert _only(endpoint_id).state is DeliveryState.DELIVERED


def test_delivery_when_due_again_then_the_sweep_queues_it_once(
    edition: EditionFacts, owner: int, member: Actor, receiver: Receiver, now: datetime
) -> None:
    receiver.status = 500
    endpoint_id, _secret = create_endpoint(member, edition.id, owner, receiver.url, EVENTS, now)
    queue_test(owner, endpoint_id, now)
    drain(now)
    later = now + timedelta(minutes=2)

    assert queue_due_deliveries(now) == 0
    assert (queue_due_deliveries(later), queue_due_deliveries(later)) == (1, 0)
    delete_old_deliveries(now + timedelta(days=31))
    assert list_deliveries(endpoint_id) == []


def test_host_when_it_leads_to_a_private_network_then_nothing_is_sent(
    app: Flask,
    edition: EditionFacts,
    owner: int,
    member: Actor,
    receiver: Receiver,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    endpoint_id, _secret = create_endpoint(member, edition.id, owner, receiver.url, EVENTS, now)
    queue_test(owner, endpoint_id, now)
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], webhook_networks=""))

    drain(now)

    delivery = _only(endpoint_id)
    assert (delivery.last_error, receiver.calls) == ("webhook_address_private", [])
    assert delivery.state is DeliveryState.WAITING


def test_endpoint_when_nobody_listens_then_the_reason_is_kept(
    edition: EditionFacts, owner: int, member: Actor, receiver: Receiver, now: datetime
) -> None:
    endpoint_id, _secret = create_endpoint(member, edition.id, owner, "http://127.0.0.1:1/", EVENTS, now)
    queue_test(owner, endpoint_id, now)

    drain(now)

    assert _only(endpoint_id).last_error == "no_connection"


def test_answer_when_it_never_ends_then_cut_off(
    edition: EditionFacts,
    owner: int,
    member: Actor,
    receiver: Receiver,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(outbound, "CALL_SECONDS", 0.3)
    receiver.drips = True
    endpoint_id, _secret = create_endpoint(member, edition.id, owner, receiver.url, EVENTS, now)
    queue_test(owner, endpoint_id, now)

    drain(now)

    assert _only(endpoint_id).last_error == "timeout"


def test_endpoint_when_of_another_owner_then_missing_and_its_key_is_never_stored_openly(
    edition: EditionFacts, owner: int, member: Actor, now: datetime
) -> None:
    endpoint_id, secret = create_endpoint(member, edition.id, owner, "https://crm.example.com", EVENTS, now)
    stored = db.session.scalars(select(WebhookEndpoint.sealed_key)).one()

    with pytest.raises(EndpointMissing):
        delete_endpoint(member, owner + 1, endpoint_id, now)
    assert base64.b64decode(secret.removeprefix("whsec_")) not in stored


def test_endpoints_when_too_many_or_without_events_or_over_http_in_production_then_refused(
    app: Flask, edition: EditionFacts, owner: int, member: Actor, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        create_endpoint(member, edition.id, owner, "https://crm.example.com", EVENTS, now)

    with pytest.raises(Conflict, match="webhooks_too_many"):
        create_endpoint(member, edition.id, owner, "https://crm.example.com", EVENTS, now)
    with pytest.raises(Invalid, match="webhook_events_missing"):
        create_endpoint(member, edition.id, owner, "https://crm.example.com", [], now)
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], env="production"))
    with pytest.raises(Invalid, match="webhook_url_insecure"):
        create_endpoint(member, edition.id, owner, "http://crm.example.com", EVENTS, now)


def test_lead_when_asked_for_by_its_company_then_the_same_as_delivered(
    edition: EditionFacts,
    slug: str,
    owner: int,
    member: Actor,
    visitor: MadeAttendee,
    receiver: Receiver,
    now: datetime,
) -> None:
    create_endpoint(member, edition.id, owner, receiver.url, EVENTS, now)
    record_scans(member, edition.id, slug, [entry(visitor.token, now)], now)
    drain(now)

    (lead,) = list_leads(owner, edition.zone)
    assert (_data(receiver)["data"]["id"], _data(receiver)["data"]["contact"]["name"]) == (lead.code, lead.contact.name)
