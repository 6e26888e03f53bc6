"""Signed notices to the systems of partners: a row per event and endpoint, delivered by jobs."""
