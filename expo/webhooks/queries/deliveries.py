"""Reads of deliveries."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from expo.infra.db import db
from expo.webhooks.models import WebhookDelivery, WebhookEndpoint
from expo.webhooks.rules import DeliveryState

SHOWN = 50


@dataclass(frozen=True)
class Delivery:
    """One event for one endpoint, and what came of it."""

    id: int
    endpoint_id: int
    edition_id: int
    exhibitor_id: int
    event_id: str
    event: str
    subject_id: int | None
    state: DeliveryState
    attempts: int
    created_at: datetime
    next_at: datetime | None
    last_at: datetime | None
    last_status: int | None
    last_error: str


def list_deliveries(endpoint_id: int, limit: int = SHOWN) -> list[Delivery]:
    """Return the last deliveries of an endpoint, newest first."""
    rows = db.session.execute(
        select(WebhookDelivery, WebhookEndpoint)
        .join(WebhookEndpoint, WebhookEndpoint.id == WebhookDelivery.endpoint_id)
        .where(WebhookDelivery.endpoint_id == endpoint_id)
        .order_by(WebhookDelivery.id.desc())
        .limit(limit)
    )
    return [_delivery(delivery, endpoint) for delivery, endpoint in rows]


def find_delivery(delivery_id: int) -> Delivery | None:
    """Return a delivery, or None if it was deleted with its endpoint."""
    row = db.session.execute(
        select(WebhookDelivery, WebhookEndpoint)
        .join(WebhookEndpoint, WebhookEndpoint.id == WebhookDelivery.endpoint_id)
        .where(WebhookDelivery.id == delivery_id)
    ).one_or_none()
    return _delivery(*row) if row else None


def count_failed(exhibitor_id: int) -> dict[int, int]:
    """Return how many deliveries of each endpoint of an exhibitor were given up."""
    rows = db.session.execute(
        select(WebhookDelivery.endpoint_id, func.count())
        .join(WebhookEndpoint, WebhookEndpoint.id == WebhookDelivery.endpoint_id)
        .where(
            WebhookEndpoint.exhibitor_id == exhibitor_id,
            WebhookDelivery.state == DeliveryState.FAILED.value,
        )
        .group_by(WebhookDelivery.endpoint_id)
    )
    return {row[0]: row[1] for row in rows}


def _delivery(delivery: WebhookDelivery, endpoint: WebhookEndpoint) -> Delivery:
    return Delivery(
        delivery.id,
        endpoint.id,
        endpoint.edition_id,
        endpoint.exhibitor_id,
        delivery.event_id,
        delivery.event,
        delivery.subject_id,
        DeliveryState(delivery.state),
        delivery.attempts,
        delivery.created_at,
        delivery.next_at,
        delivery.last_at,
        delivery.last_status,
        delivery.last_error,
    )
