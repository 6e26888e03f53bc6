"""Errors of the tickets domain.

Codes: `sold_out`, `not_on_sale`, `sale_ended`, `ticket_type_missing`, `ticket_type_exists`, `too_many_of_type`,
`quota_exists`, `quota_missing`, `quota_below_taken`, `code_invalid`, `name_empty`, `price_negative`, `dates_reversed`,
`number_out_of_range`, `valid_from_outside`, `add_on_sold_out`, `add_on_missing`, `add_on_exists`, `add_on_in_use`,
`add_on_not_on_sale`, `add_on_sale_ended`, `add_on_not_offered`, `too_many_of_add_on`.
"""

from expo.errors import Conflict, Missing


class SoldOut(Conflict):
    """A quota has fewer places left than requested."""

    def __init__(self, ticket_type: str, left: int) -> None:
        super().__init__("sold_out", ticket_type=ticket_type, left=left)


class TicketTypeMissing(Missing):
    """The ticket type does not exist in this edition, or is not offered to this actor."""

    def __init__(self, ticket_type: str) -> None:
        super().__init__("ticket_type_missing", ticket_type=ticket_type)


class AddOnSoldOut(SoldOut):
    """A quota has fewer places left than units of an add-on were requested."""

    def __init__(self, add_on: str, left: int) -> None:
        Conflict.__init__(self, "add_on_sold_out", add_on=add_on, left=left)


class AddOnMissing(Missing):
    """The add-on does not exist in this edition, or is not offered to this actor."""

    def __init__(self, add_on: str) -> None:
        super().__init__("add_on_missing", add_on=add_on)
