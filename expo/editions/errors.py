"""What can go wrong with editions.

Codes: `edition_missing`, `edition_exists`, `room_missing`, `time_zone_unknown`, `dates_unconfirmed`, `expo_too_long`.
"""

from expo.errors import Missing


class EditionMissing(Missing):
    """There is no such edition, or none is current."""

    def __init__(self) -> None:
        super().__init__("edition_missing")
