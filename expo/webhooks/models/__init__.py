"""Tables of webhooks: endpoints and deliveries."""

from expo.webhooks.models.deliveries import WebhookDelivery
from expo.webhooks.models.endpoints import WebhookEndpoint

__all__ = ["WebhookDelivery", "WebhookEndpoint"]
