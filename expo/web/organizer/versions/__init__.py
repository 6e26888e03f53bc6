"""Versions of the timetable: what publishing would change, publish, share a preview, roll back."""
