"""The registration period."""
