"""What can go wrong with exhibitors. Codes: `exhibitor_missing`, `rows_refused`, and the codes of rules.py."""

from expo.errors import Missing


class ExhibitorMissing(Missing):
    """There is no such exhibitor in this edition."""

    def __init__(self) -> None:
        super().__init__("exhibitor_missing")
