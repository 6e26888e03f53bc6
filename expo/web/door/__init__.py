"""Stewards' pages: choose a checkpoint, then scan."""
