"""Version 1 of the API: names and meanings are stable; additions are allowed."""

from expo.api.v1 import (
    attendees,
    door,
    edition,
    exhibitors,
    program,
    recommendations,
    registrations,
    rooms,
    scans,
    sessions,
    speakers,
    ticket_types,
    tracks,
)
from expo.api.v1.version import PREFIX, VERSION, v1

# In documentation order.
MODULES = (
    edition,
    registrations,
    attendees,
    ticket_types,
    scans,
    door,
    program,
    sessions,
    speakers,
    tracks,
    rooms,
    exhibitors,
    recommendations,
)

__all__ = ["MODULES", "PREFIX", "VERSION", "v1"]
