"""Errors of the registration domain.

Codes: `order_empty`, `order_too_large`, `order_missing`, `order_expired`, `order_cancelled`, `order_confirmed`,
`already_paid`, `nothing_to_pay`, `attendee_missing`, `attendee_state`, `name_empty`, `name_too_long`, `text_too_long`,
`text_unprintable`, `country_unknown`, `language_unknown`, `email_unchanged`, `ticket_unchanged`, `maybe_registered`,
`source_unknown`.
"""

from expo.errors import Missing


class OrderMissing(Missing):
    """The order does not exist in this edition."""

    def __init__(self) -> None:
        super().__init__("order_missing")


class AttendeeMissing(Missing):
    """The attendee does not exist in this edition."""

    def __init__(self) -> None:
        super().__init__("attendee_missing")
