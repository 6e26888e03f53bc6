"""Errors of proposals. Codes: `call_missing`, `proposal_missing`."""

from expo.errors import Missing


class CallMissing(Missing):
    """This edition has no such call for proposals."""

    def __init__(self) -> None:
        super().__init__("call_missing")


class ProposalMissing(Missing):
    """This edition has no such proposal, or not for this person."""

    def __init__(self) -> None:
        super().__init__("proposal_missing")
