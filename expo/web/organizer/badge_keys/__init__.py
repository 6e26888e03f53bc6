"""Badge signing keys."""
