"""The hub of a hall: copy what its doors need from the centre, and send the centre what happened at them."""

from expo.flows.hubs.centre import Centre, CentreError
from expo.flows.hubs.synchronization import Synchronization, connect_hub, synchronize

__all__ = ["Centre", "CentreError", "Synchronization", "connect_hub", "synchronize"]
