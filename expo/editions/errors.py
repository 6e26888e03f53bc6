"""Errors of the editions domain.

Codes: `edition_missing`, `edition_exists`, `time_zone_unknown`, `hall_missing`, `hall_exists`, `hall_in_use`,
`room_missing`, `room_exists`, `room_in_use`, `registration_not_open`, `registration_closed`,
`registration_times_reversed`, `dates_unconfirmed`, `expo_too_long`.
"""

from expo.errors import Missing


class EditionMissing(Missing):
    """The edition does not exist, or no edition is current."""

    def __init__(self) -> None:
        super().__init__("edition_missing")
