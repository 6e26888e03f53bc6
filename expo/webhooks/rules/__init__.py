"""Rules of webhooks: how many endpoints, how a call is signed, and when it is repeated. Pure."""

from expo.webhooks.rules.deliveries import DELIVERY_LIFETIME, MAX_ATTEMPTS, TEST_EVENT, DeliveryState, next_attempt
from expo.webhooks.rules.endpoints import MAX_ENDPOINTS
from expo.webhooks.rules.signatures import SECRET_BYTES, show_secret, sign

__all__ = [
    "DELIVERY_LIFETIME",
    "MAX_ATTEMPTS",
    "MAX_ENDPOINTS",
    "SECRET_BYTES",
    "TEST_EVENT",
    "DeliveryState",
    "next_attempt",
    "show_secret",
    "sign",
]
