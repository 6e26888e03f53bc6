"""Schedules of Sessionize's API, views "All" and "GridSmart": https://sessionize.com/playbook/api."""

from expo.formats.sessionize.reading import PLACES, is_sessionize, read_sessionize
from expo.formats.sessionize.writing import write_sessionize_all, write_sessionize_grid

__all__ = ["PLACES", "is_sessionize", "read_sessionize", "write_sessionize_all", "write_sessionize_grid"]
