"""Reads of endpoints, without their keys."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select

from expo.infra.db import db
from expo.webhooks.errors import EndpointMissing
from expo.webhooks.models import WebhookEndpoint
from expo.webhooks.rules import Owner


@dataclass(frozen=True)
class Endpoint:
    """An endpoint as its owner sees it."""

    id: int
    edition_id: int
    owner: Owner
    url: str
    events: tuple[str, ...]
    is_active: bool
    created_at: datetime


def list_endpoints(owner: Owner) -> list[Endpoint]:
    """Return the endpoints of an owner, oldest first."""
    return [_endpoint(row) for row in db.session.scalars(_query(owner).order_by(WebhookEndpoint.id))]


def get_endpoint(owner: Owner, endpoint_id: int) -> Endpoint:
    """Return an endpoint of this owner. Raises EndpointMissing."""
    row = db.session.scalars(_query(owner).where(WebhookEndpoint.id == endpoint_id)).one_or_none()
    if row is None:
        raise EndpointMissing
    return _endpoint(row)


def _query(owner: Owner) -> Select[WebhookEndpoint]:
    return select(WebhookEndpoint).where(WebhookEndpoint.owner_kind == owner.kind, WebhookEndpoint.owner_id == owner.id)


def _endpoint(row: WebhookEndpoint) -> Endpoint:
    return Endpoint(
        row.id,
        row.edition_id,
        Owner(row.owner_kind, row.owner_id),
        row.url,
        tuple(row.events),
        row.is_active,
        row.created_at,
    )
