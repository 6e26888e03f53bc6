"""Version 1 of the API: names and meanings here stay; additions are free."""

from expo.api.v1 import attendees, edition, exhibitors, program, recommendations, registrations, scans, ticket_types
from expo.api.v1.version import PREFIX, VERSION, v1

# In the order of the documentation.
MODULES = (edition, registrations, attendees, ticket_types, scans, program, exhibitors, recommendations)

__all__ = ["MODULES", "PREFIX", "VERSION", "v1"]
