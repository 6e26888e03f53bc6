"""Keys that sign badges."""
