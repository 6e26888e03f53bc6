"""Imports of attendees."""
