"""Topics: list, add, rename, move, hide, import and export."""
