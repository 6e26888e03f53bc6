"""Attendance: people and entries by day, zone, checkpoint and device."""
