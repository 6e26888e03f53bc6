"""Infrastructure, independent of any domain: configuration, clock, database, jobs, cache, limits, audit, storage."""
