"""Feedback on sessions."""
