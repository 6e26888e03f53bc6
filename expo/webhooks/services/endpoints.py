"""Acts on endpoints. Callers check that the actor may act for the exhibitor."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select

from expo.accounts.rules import Actor
from expo.errors import Conflict, Invalid
from expo.infra.audit import record_act
from expo.infra.db import atomic, db, lock
from expo.infra.outbound import check_target
from expo.infra.sealing import seal
from expo.webhooks.errors import EndpointMissing
from expo.webhooks.models import WebhookDelivery, WebhookEndpoint
from expo.webhooks.rules import MAX_ENDPOINTS, SECRET_BYTES, show_secret

KEY_PURPOSE = "webhook-key"


def create_endpoint(
    actor: Actor, edition_id: int, exhibitor_id: int, url: str, events: Sequence[str], now: datetime
) -> tuple[int, str]:
    """Add an endpoint, and return its id and its secret, which is shown only once.

    Raises Invalid `webhook_url_*`, `webhook_events_missing`, Conflict `webhooks_too_many`.
    """
    check_target(url)
    if not events:
        raise Invalid("webhook_events_missing", field="events")
    key = secrets.token_bytes(SECRET_BYTES)
    with atomic():
        count = db.session.scalar(select(func.count()).where(WebhookEndpoint.exhibitor_id == exhibitor_id))
        if (count or 0) >= MAX_ENDPOINTS:
            raise Conflict("webhooks_too_many", field="url", maximum=MAX_ENDPOINTS)
        row = WebhookEndpoint(
            edition_id=edition_id,
            exhibitor_id=exhibitor_id,
            url=url.strip(),
            events=list(events),
            sealed_key=seal(KEY_PURPOSE, key),
            is_active=True,
            created_at=now,
        )
        db.session.add(row)
        db.session.flush()
        _record(actor, row, "webhooks.create_endpoint", now)
        return row.id, show_secret(key)


def renew_secret(actor: Actor, exhibitor_id: int, endpoint_id: int, now: datetime) -> str:
    """Replace the secret of an endpoint, and return the new one, which is shown only once. Raises EndpointMissing."""
    key = secrets.token_bytes(SECRET_BYTES)
    with atomic():
        row = _lock_endpoint(exhibitor_id, endpoint_id)
        row.sealed_key = seal(KEY_PURPOSE, key)
        db.session.flush()
        _record(actor, row, "webhooks.renew_secret", now)
    return show_secret(key)


def switch_endpoint(actor: Actor, exhibitor_id: int, endpoint_id: int, now: datetime, *, is_active: bool) -> None:
    """Pause or resume an endpoint; events of a paused one are not queued. Raises EndpointMissing."""
    with atomic():
        row = _lock_endpoint(exhibitor_id, endpoint_id)
        if row.is_active != is_active:
            row.is_active = is_active
            db.session.flush()
            _record(actor, row, "webhooks.resume_endpoint" if is_active else "webhooks.pause_endpoint", now)


def delete_endpoint(actor: Actor, exhibitor_id: int, endpoint_id: int, now: datetime) -> None:
    """Delete an endpoint with its deliveries. Raises EndpointMissing."""
    with atomic():
        row = _lock_endpoint(exhibitor_id, endpoint_id)
        _record(actor, row, "webhooks.delete_endpoint", now)
        db.session.execute(delete(WebhookDelivery).where(WebhookDelivery.endpoint_id == endpoint_id))
        db.session.delete(row)
        db.session.flush()


def _lock_endpoint(exhibitor_id: int, endpoint_id: int) -> WebhookEndpoint:
    row = lock(WebhookEndpoint, endpoint_id)
    if row is None or row.exhibitor_id != exhibitor_id:
        raise EndpointMissing
    return row


def _record(actor: Actor, row: WebhookEndpoint, action: str, now: datetime) -> None:
    record_act(
        actor, action, now,
        edition_id=row.edition_id, subject="exhibitor", subject_id=row.exhibitor_id, endpoint=row.id,
    )  # fmt: skip
