"""Errors of the check-in domain.

Codes: `checkpoint_missing`, `checkpoint_exists`, `checkpoint_code_invalid`, `checkpoint_name_empty`,
`checkpoint_times_reversed`, `capacity_invalid`, `capacity_below_inside`, `ticket_type_missing`, `hall_missing`,
`room_missing`, `zone_missing`, `zone_exists`, `zone_code_invalid`, `zone_name_empty`, `zone_group_invalid`,
`zone_in_use`, `zone_percent_invalid`, `zone_percent_reversed`, `checkpoint_zone_fixed`, `alarm_missing`,
`control_room_out_of_range`, `door_device_missing`, `device_name_empty`, `device_name_too_long`, `device_in_use`,
`device_revoked`, `device_call_refused`, `enrolment_code_wrong`, `session_missing`, `rule_condition_unknown`,
`rule_value_invalid`, `rule_too_large`, `rule_session_missing`, `door_questions_too_many`, `door_question_invalid`,
`scan_missing`, `undo_too_late`, `checkpoint_has_devices`, `device_checkpoint_refused`, `hub_has_another_centre`. A
refusal at a checkpoint is not an error but a verdict.
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


class ZoneMissing(Missing):
    """The zone does not exist in this edition."""

    def __init__(self) -> None:
        super().__init__("zone_missing")


class DeviceMissing(Missing):
    """The device does not exist in this edition."""

    def __init__(self) -> None:
        super().__init__("door_device_missing")


class ScanMissing(Missing):
    """The scan does not exist in this edition."""

    def __init__(self) -> None:
        super().__init__("scan_missing")
