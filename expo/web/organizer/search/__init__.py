"""The command palette: one search over everything."""
