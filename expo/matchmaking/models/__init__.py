"""Tables of matchmaking."""

from expo.matchmaking.models.dismissals import CompanyDismissal, Dismissal
from expo.matchmaking.models.exposure import ExposurePrice
from expo.matchmaking.models.topics import SessionTopic

__all__ = ["CompanyDismissal", "Dismissal", "ExposurePrice", "SessionTopic"]
