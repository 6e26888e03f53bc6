"""Exports of attendees."""
