"""Rules of meetings. Pure."""
