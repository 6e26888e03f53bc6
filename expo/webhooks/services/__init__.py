"""Acts on webhooks."""

from expo.webhooks.services.deliveries import (
    DELIVER_JOB,
    begin_delivery,
    delete_old_deliveries,
    finish_delivery,
    queue_due_deliveries,
    queue_event,
    queue_test,
    resend_delivery,
)
from expo.webhooks.services.endpoints import (
    create_endpoint,
    delete_endpoint,
    renew_secret,
    switch_endpoint,
)

__all__ = [
    "DELIVER_JOB",
    "begin_delivery",
    "create_endpoint",
    "delete_endpoint",
    "delete_old_deliveries",
    "finish_delivery",
    "queue_due_deliveries",
    "queue_event",
    "queue_test",
    "renew_secret",
    "resend_delivery",
    "switch_endpoint",
]
