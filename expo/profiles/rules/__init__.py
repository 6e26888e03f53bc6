"""Rules of profiles. Pure."""
