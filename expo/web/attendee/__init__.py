"""Attendees' own pages."""
