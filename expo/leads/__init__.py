"""Visitors whose badges an exhibitor scanned, with the details they agreed to share."""
