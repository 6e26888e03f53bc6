"""Seats in sessions: who has them, who waits, and how many there are."""
