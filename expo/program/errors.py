"""What can go wrong with the programme. Codes: `session_missing`, `speaker_missing`, `program_empty`, `schedule_*`."""

from expo.errors import Missing


class SessionMissing(Missing):
    """There is no such session in this edition."""

    def __init__(self) -> None:
        super().__init__("session_missing")


class SpeakerMissing(Missing):
    """There is no such speaker in this edition."""

    def __init__(self) -> None:
        super().__init__("speaker_missing")
