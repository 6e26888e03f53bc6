"""Meetings between attendees and exhibitors: requests, free slots, tables and check-in."""
