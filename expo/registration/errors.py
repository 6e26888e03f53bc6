"""What can go wrong with registrations.

Codes: `sold_out`, `not_on_sale`, `sale_ended`, `ticket_type_missing`, `ticket_type_exists`, `quota_exists`,
`quota_missing`, `quota_below_taken`, `order_empty`, `order_too_large`, `too_many_of_type`, `order_missing`,
`order_expired`, `order_cancelled`, `already_paid`, `nothing_to_pay`, `attendee_missing`, `attendee_state`,
`name_empty`, `name_too_long`, `text_too_long`, `text_unprintable`, `country_unknown`, `language_unknown`,
`email_unchanged`, `ticket_unchanged`, `order_confirmed`, `maybe_registered`,
`code_invalid`, `price_negative`, `dates_reversed`, `number_out_of_range`,
`valid_from_outside`, `source_unknown`.
"""

from expo.errors import Conflict, Missing


class SoldOut(Conflict):
    """A quota has fewer places left than were asked for."""

    def __init__(self, ticket_type: str, left: int) -> None:
        super().__init__("sold_out", ticket_type=ticket_type, left=left)


class OrderMissing(Missing):
    """There is no such order in this edition."""

    def __init__(self) -> None:
        super().__init__("order_missing")


class AttendeeMissing(Missing):
    """There is no such attendee in this edition."""

    def __init__(self) -> None:
        super().__init__("attendee_missing")


class TicketTypeMissing(Missing):
    """There is no such ticket type in this edition, or it is not offered to this actor."""

    def __init__(self, ticket_type: str) -> None:
        super().__init__("ticket_type_missing", ticket_type=ticket_type)
