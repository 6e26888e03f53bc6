"""Reads of webhooks."""

from expo.webhooks.queries.deliveries import Delivery, count_failed, find_delivery, list_deliveries
from expo.webhooks.queries.endpoints import Endpoint, get_endpoint, list_endpoints

__all__ = [
    "Delivery",
    "Endpoint",
    "count_failed",
    "find_delivery",
    "get_endpoint",
    "list_deliveries",
    "list_endpoints",
]
