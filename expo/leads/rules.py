"""Rules of leads. Pure."""
