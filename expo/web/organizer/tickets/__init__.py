"""Ticket types."""
