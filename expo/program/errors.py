"""Errors of the programme.

Codes: `session_missing`, `speaker_missing`, `program_empty`, `schedule_*`, `version_missing`, `preview_ended`,
`timetable_changed`, `timetable_unchanged`, `publish_at_past`, `label_too_long`, `material_unknown`,
`materials_too_many`.
"""

from expo.errors import Missing


class SessionMissing(Missing):
    """This edition has no such session."""

    def __init__(self) -> None:
        super().__init__("session_missing")


class SpeakerMissing(Missing):
    """This edition has no such speaker."""

    def __init__(self) -> None:
        super().__init__("speaker_missing")


class VersionMissing(Missing):
    """This edition has no such version of the timetable."""

    def __init__(self) -> None:
        super().__init__("version_missing")
