"""Reads of endpoints, without their keys."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select

from expo.infra.db import db
from expo.webhooks.errors import EndpointMissing
from expo.webhooks.models import WebhookEndpoint


@dataclass(frozen=True)
class Endpoint:
    """An endpoint as its exhibitor sees it."""

    id: int
    edition_id: int
    exhibitor_id: int
    url: str
    events: tuple[str, ...]
    is_active: bool
    created_at: datetime


def list_endpoints(exhibitor_id: int) -> list[Endpoint]:
    """Return the endpoints of an exhibitor, oldest first."""
    return [_endpoint(row) for row in db.session.scalars(_query(exhibitor_id).order_by(WebhookEndpoint.id))]


def get_endpoint(exhibitor_id: int, endpoint_id: int) -> Endpoint:
    """Return an endpoint of this exhibitor. Raises EndpointMissing."""
    row = db.session.scalars(_query(exhibitor_id).where(WebhookEndpoint.id == endpoint_id)).one_or_none()
    if row is None:
        raise EndpointMissing
    return _endpoint(row)


def _query(exhibitor_id: int) -> Select[WebhookEndpoint]:
    return select(WebhookEndpoint).where(WebhookEndpoint.exhibitor_id == exhibitor_id)


def _endpoint(row: WebhookEndpoint) -> Endpoint:
    return Endpoint(
        row.id,
        row.edition_id,
        row.exhibitor_id,
        row.url,
        tuple(row.events),
        row.is_active,
        row.created_at,
    )
