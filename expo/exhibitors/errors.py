"""Errors of exhibitors.

Codes: `exhibitor_missing`, `rows_refused`, `plan_missing`, `plan_changed`, `booth_missing`, `booth_changed`,
`booth_taken`, `booth_exists`, `booth_occupied`, and the codes of rules.
"""

from expo.errors import Conflict, Missing


class ExhibitorMissing(Missing):
    """This edition has no such exhibitor."""

    def __init__(self) -> None:
        super().__init__("exhibitor_missing")


class PlanMissing(Missing):
    """This edition has no such hall."""

    def __init__(self) -> None:
        super().__init__("plan_missing")


class BoothMissing(Missing):
    """This edition has no such booth."""

    def __init__(self) -> None:
        super().__init__("booth_missing")


class BoothChanged(Conflict):
    """Somebody else has changed or deleted the booth meanwhile."""

    def __init__(self, code: str) -> None:
        super().__init__("booth_changed", booth=code)


class BoothTaken(Conflict):
    """The booth is sold, or held for another company."""

    def __init__(self, code: str) -> None:
        super().__init__("booth_taken", booth=code)
