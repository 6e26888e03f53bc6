"""Errors of exhibitors. Codes: `exhibitor_missing`, `rows_refused`, and the codes of rules.py."""

from expo.errors import Missing


class ExhibitorMissing(Missing):
    """This edition has no such exhibitor."""

    def __init__(self) -> None:
        super().__init__("exhibitor_missing")
