"""Lists that people put in order."""

from typing import Any


def move_by(rows: list[Any], at: int, steps: int) -> None:
    """Move an element up (negative steps) or down, at most to an end of its list."""
    rows.insert(min(max(at + steps, 0), len(rows) - 1), rows.pop(at))
