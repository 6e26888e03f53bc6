"""The venue: halls and rooms."""
