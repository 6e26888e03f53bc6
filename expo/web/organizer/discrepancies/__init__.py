"""What devices decided offline and the server sees differently."""
