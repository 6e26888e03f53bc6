"""The help desk: everything for a person at the counter, and the print stations."""
