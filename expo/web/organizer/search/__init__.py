"""The command palette: search across all sections."""
