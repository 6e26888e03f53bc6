"""What can go wrong with checkpoints.

Codes: `checkpoint_missing`, `checkpoint_exists`, `checkpoint_code_invalid`, `checkpoint_name_empty`,
`checkpoint_times_reversed`, `capacity_invalid`, `capacity_below_inside`, `ticket_type_missing`, `hall_missing`,
`room_missing`. A refusal at the door is no error: it is a verdict.
"""

from expo.errors import Missing


class CheckpointMissing(Missing):
    """The edition has no such checkpoint."""

    def __init__(self) -> None:
        super().__init__("checkpoint_missing")
