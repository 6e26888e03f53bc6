"""Errors of webhooks.

Codes: `webhook_missing`, `webhook_delivery_missing`, `webhook_url_invalid`, `webhook_url_insecure`,
`webhook_address_private`, `webhook_events_missing`, `webhooks_too_many`.
"""

from expo.errors import Missing


class EndpointMissing(Missing):
    """This owner has no such endpoint."""

    def __init__(self) -> None:
        super().__init__("webhook_missing")


class DeliveryMissing(Missing):
    """This endpoint has no such delivery."""

    def __init__(self) -> None:
        super().__init__("webhook_delivery_missing")
