"""Attendees: the list, one attendee, approvals, and bulk actions."""
