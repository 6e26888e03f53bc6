"""Algorithms: no Flask, database, clock, environment or randomness of their own."""
