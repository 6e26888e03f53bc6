"""Tracks of the programme."""
