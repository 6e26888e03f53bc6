"""The help desk: what staff do for a person at the counter."""
