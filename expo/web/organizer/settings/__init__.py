"""Settings: the expo's details, and the way to everything else that can be set."""
