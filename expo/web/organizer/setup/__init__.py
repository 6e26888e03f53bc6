"""Setting up an expo."""
