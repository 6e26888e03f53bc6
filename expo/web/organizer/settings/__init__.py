"""Settings: the expo's details, and links to all other settings."""
