"""Forms and fields shared by several audiences."""
