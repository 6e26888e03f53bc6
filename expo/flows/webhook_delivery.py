"""Delivering webhooks: the body says what the object is at the time of sending, and is signed with the owner's key."""

import json
from datetime import datetime
from typing import Any

from expo.errors import Invalid
from expo.infra.outbound import CallFailedError, post
from expo.leads.exports import describe_lead
from expo.leads.queries import find_lead_by_id, list_questions
from expo.webhooks.queries import Delivery, find_delivery
from expo.webhooks.rules import TEST_EVENT, sign
from expo.webhooks.services import begin_delivery, finish_delivery

USER_AGENT = "Expo-Webhooks/1"


def deliver_webhook(delivery_id: int, now: datetime) -> None:
    """Make one attempt at a delivery that is due, and record what came of it."""
    delivery = find_delivery(delivery_id)
    if delivery is None:
        return
    call = begin_delivery(delivery_id, now)
    if call is None:
        return
    content = {"type": call.event, "timestamp": call.created_at.isoformat(), "data": _describe(delivery)}
    body = json.dumps(content, ensure_ascii=False).encode()
    timestamp = int(now.timestamp())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": USER_AGENT,
        "webhook-id": call.event_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": sign(call.key, call.event_id, timestamp, body),
    }
    try:
        status, error = post(call.url, body, headers), ""
    except CallFailedError as failure:
        status, error = None, str(failure)
    except Invalid as refusal:
        # The name of the host leads somewhere else now.
        status, error = None, refusal.code
    finish_delivery(delivery_id, status, error, now)


def _describe(delivery: Delivery) -> dict[str, Any]:
    if delivery.event == TEST_EVENT or delivery.subject_id is None:
        return {"message": "This is a test."}
    row = find_lead_by_id(delivery.subject_id)
    if row is None or row.exhibitor_id != delivery.exhibitor_id:
        return {"deleted": True}
    return describe_lead(row, list_questions(row.exhibitor_id, with_removed=True))
