"""The evacuation list."""
