"""Version 1 of the API: names and meanings are stable; additions are allowed."""

from expo.api.v1 import (
    add_ons,
    attendees,
    checkpoints,
    companies,
    devices,
    door,
    edition,
    exhibitors,
    hub,
    meetings,
    pretalx,
    program,
    program_versions,
    recommendations,
    registrations,
    rooms,
    scan_queues,
    scans,
    session_types,
    sessions,
    speakers,
    ticket_types,
    tracks,
    zones,
)
from expo.api.v1.version import PREFIX, VERSION, v1

# In documentation order.
MODULES = (
    edition,
    registrations,
    attendees,
    ticket_types,
    add_ons,
    scans,
    scan_queues,
    checkpoints,
    zones,
    door,
    hub,
    devices,
    program,
    sessions,
    speakers,
    tracks,
    session_types,
    program_versions,
    pretalx,
    rooms,
    exhibitors,
    meetings,
    companies,
    recommendations,
)

__all__ = ["MODULES", "PREFIX", "VERSION", "v1"]
