"""The help desk: actions for a person at the counter."""
