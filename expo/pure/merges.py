"""Merging a value in three states: what a file said before, what we have, and what the file says now."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Merge(StrEnum):
    """What happens to one field."""

    # The file says what we have.
    SAME = "same"
    # Only the file has changed.
    TAKE = "take"
    # Only we have changed it.
    KEEP = "keep"
    # Both have changed it: a person decides.
    ASK = "ask"


@dataclass(frozen=True)
class Sides:
    """A field in the three states. `base` is None if the field never came from a file."""

    base: Any
    ours: Any
    theirs: Any
    has_base: bool

    @property
    def merge(self) -> Merge:
        """What happens to the field."""
        if self.theirs == self.ours:
            return Merge.SAME
        if self.has_base and self.base == self.ours:
            return Merge.TAKE
        if self.has_base and self.base == self.theirs:
            return Merge.KEEP
        return Merge.ASK
