"""Acts on webhooks."""

from expo.webhooks.services.deliveries import (
    DELIVER_JOB,
    begin_delivery,
    delete_old_deliveries,
    finish_delivery,
    queue_due_deliveries,
    queue_event,
    queue_test,
    send_delivery_again,
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
    "send_delivery_again",
    "switch_endpoint",
]
