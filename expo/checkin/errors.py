"""Errors of the check-in domain.

Codes: `checkpoint_missing`, `checkpoint_exists`, `checkpoint_code_invalid`, `checkpoint_name_empty`,
`checkpoint_times_reversed`, `capacity_invalid`, `capacity_below_inside`, `ticket_type_missing`, `hall_missing`,
`room_missing`. A refusal at a checkpoint is not an error but a verdict.
"""

from expo.errors import Missing


class CheckpointMissing(Missing):
    """The checkpoint does not exist in this edition."""

    def __init__(self) -> None:
        super().__init__("checkpoint_missing")


class AlarmMissing(Missing):
    """The alarm does not exist in this edition."""

    def __init__(self) -> None:
        super().__init__("alarm_missing")
