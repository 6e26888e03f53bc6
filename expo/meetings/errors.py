"""Errors of meetings. Codes: `meeting_missing`, `meeting_table_missing`, and the codes of rules and services."""

from expo.errors import Missing


class MeetingMissing(Missing):
    """There is no such meeting, or the actor takes no part in it."""

    def __init__(self) -> None:
        super().__init__("meeting_missing")


class MeetingTableMissing(Missing):
    """This edition has no such table."""

    def __init__(self) -> None:
        super().__init__("meeting_table_missing")
