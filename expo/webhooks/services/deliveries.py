"""Acts on deliveries: writing one in the transaction of its event, sending it, and repeating it."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, delete, select, update

from expo.infra.db import atomic, db, lock
from expo.infra.inserting import insert_row
from expo.infra.jobs import enqueue_once, has_open_job
from expo.infra.sealing import unseal
from expo.webhooks.errors import DeliveryMissing
from expo.webhooks.models import WebhookDelivery, WebhookEndpoint
from expo.webhooks.queries import get_endpoint
from expo.webhooks.rules import DELIVERY_LIFETIME, TEST_EVENT, DeliveryState, next_attempt
from expo.webhooks.services.endpoints import KEY_PURPOSE

DELIVER_JOB = "webhooks.deliver"
DUE_BATCH = 500
# An attempt takes less time; afterwards its worker is considered dead.
ATTEMPT_LEASE = timedelta(minutes=2)
OK, REDIRECTS = 200, 300

_delivery = cast("Table", WebhookDelivery.__table__)


@dataclass(frozen=True)
class Call:
    """What one attempt sends where, apart from the body."""

    url: str
    key: bytes
    event_id: str
    event: str
    created_at: datetime


def queue_event(exhibitor_id: int, event: str, subject_id: int, now: datetime) -> None:
    """Write a delivery for every active endpoint of the exhibitor that wants the event, in the open transaction."""
    rows = db.session.execute(
        select(WebhookEndpoint.id, WebhookEndpoint.events).where(
            WebhookEndpoint.exhibitor_id == exhibitor_id,
            WebhookEndpoint.is_active.is_(True),
        )
    ).all()
    for endpoint_id, events in rows:
        if event in events:
            _add(endpoint_id, event, subject_id, now)


def queue_test(exhibitor_id: int, endpoint_id: int, now: datetime) -> int:
    """Write a delivery without an object, and return its id. Raises EndpointMissing."""
    with atomic():
        return _add(get_endpoint(exhibitor_id, endpoint_id).id, TEST_EVENT, None, now)


def resend_delivery(exhibitor_id: int, endpoint_id: int, delivery_id: int, now: datetime) -> None:
    """Send a delivery again, with all its attempts; the body is what the object is now.

    Raises EndpointMissing, DeliveryMissing.
    """
    with atomic():
        get_endpoint(exhibitor_id, endpoint_id)
        row = lock(WebhookDelivery, delivery_id)
        if row is None or row.endpoint_id != endpoint_id:
            raise DeliveryMissing
        row.state, row.attempts, row.next_at = DeliveryState.WAITING.value, 0, now
        db.session.flush()
        enqueue_once(DELIVER_JOB, delivery_id, now, delivery_id=delivery_id)


def begin_delivery(delivery_id: int, now: datetime) -> Call | None:
    """Take a delivery for one attempt; None if it is not due, or another worker has it. The statement is the lock."""
    with atomic():
        taken = db.session.execute(
            update(WebhookDelivery)
            .where(
                WebhookDelivery.id == delivery_id,
                WebhookDelivery.state == DeliveryState.WAITING.value,
                WebhookDelivery.next_at <= now,
            )
            .values(attempts=WebhookDelivery.attempts + 1, last_at=now, next_at=now + ATTEMPT_LEASE)
            .returning(
                WebhookDelivery.endpoint_id,
                WebhookDelivery.event_id,
                WebhookDelivery.event,
                WebhookDelivery.created_at,
            )
            .execution_options(synchronize_session=False)
        ).one_or_none()
        if taken is None:
            return None
        endpoint = db.session.get_one(WebhookEndpoint, taken.endpoint_id)
        key = unseal(KEY_PURPOSE, endpoint.sealed_key)
        return Call(endpoint.url, key, taken.event_id, taken.event, taken.created_at)


def finish_delivery(delivery_id: int, status: int | None, error: str, now: datetime) -> None:
    """Record what an attempt came to: delivered with a status of 2xx, else tried again later or given up."""
    with atomic():
        row = lock(WebhookDelivery, delivery_id)
        if row is None or row.state != DeliveryState.WAITING.value:
            return
        row.last_status, row.last_error = status, error
        if status is not None and OK <= status < REDIRECTS:
            row.state, row.next_at = DeliveryState.DELIVERED.value, None
        else:
            row.next_at = next_attempt(row.attempts, now)
            row.state = (DeliveryState.WAITING if row.next_at else DeliveryState.FAILED).value
        db.session.flush()


def queue_due_deliveries(now: datetime) -> int:
    """Write jobs for the deliveries that are due, oldest first, and return their number."""
    with atomic():
        due = db.session.scalars(
            select(WebhookDelivery.id)
            .where(
                WebhookDelivery.state == DeliveryState.WAITING.value,
                WebhookDelivery.next_at <= now,
                ~has_open_job(DELIVER_JOB, _delivery.c.id),
            )
            .order_by(WebhookDelivery.next_at)
            .limit(DUE_BATCH)
        ).all()
        return sum(enqueue_once(DELIVER_JOB, each, now, delivery_id=each) for each in due)


def delete_old_deliveries(now: datetime) -> None:
    """Delete deliveries after their lifetime, whatever their outcome."""
    with atomic():
        db.session.execute(
            delete(WebhookDelivery)
            .where(WebhookDelivery.created_at < now - DELIVERY_LIFETIME)
            .execution_options(synchronize_session=False)
        )


def _add(endpoint_id: int, event: str, subject_id: int | None, now: datetime) -> int:
    delivery_id = insert_row(
        WebhookDelivery,
        endpoint_id=endpoint_id,
        event_id=f"evt_{secrets.token_hex(16)}",
        event=event,
        subject_id=subject_id,
        state=DeliveryState.WAITING.value,
        created_at=now,
        next_at=now,
    )
    enqueue_once(DELIVER_JOB, delivery_id, now, delivery_id=delivery_id)
    return delivery_id
