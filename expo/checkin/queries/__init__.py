"""Queries on check-in: checkpoints, scans and their answers, statistics."""
