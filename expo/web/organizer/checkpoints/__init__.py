"""Checkpoints: where badges are scanned."""
