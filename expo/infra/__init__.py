"""Machinery that knows no domain: configuration, clock, database, jobs, cache, limits, audit, storage."""
