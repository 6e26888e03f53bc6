"""The overview: how the expo is doing, and what needs attention."""
