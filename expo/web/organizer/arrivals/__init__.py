"""Arrivals against the forecast, and the lanes needed."""
