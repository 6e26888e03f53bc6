"""Attendees: the list, one attendee, approvals, and acts on several at once."""
