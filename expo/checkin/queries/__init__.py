"""Reads of check-in: checkpoints, scans and answers given, figures."""
