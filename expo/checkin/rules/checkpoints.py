"""Validation of checkpoints. Pure."""

from datetime import datetime
from enum import StrEnum

from expo.checkin.rules.zones import CODE_PATTERN, MAX_CODE_LENGTH, check_capacity
from expo.errors import Invalid


class CheckpointKind(StrEnum):
    """What a checkpoint is the entrance of. It says how a checkpoint is shown, not who may pass."""

    GATE = "gate"
    HALL = "hall"
    SESSION = "session"
    WORKSHOP = "workshop"
    LOUNGE = "lounge"
    EXIT = "exit"


def check_code(code: str) -> str:
    """Return a checkpoint's code. Raises Invalid `checkpoint_code_invalid` if it cannot be part of a URL."""
    code = code.strip()
    if len(code) > MAX_CODE_LENGTH or not CODE_PATTERN.fullmatch(code):
        raise Invalid("checkpoint_code_invalid", field="code", maximum=MAX_CODE_LENGTH)
    return code


def check_name(name: dict[str, str]) -> dict[str, str]:
    """Return a checkpoint's name by language. Raises Invalid `checkpoint_name_empty`."""
    names = {code: text.strip() for code, text in name.items() if text.strip()}
    if not names:
        raise Invalid("checkpoint_name_empty", field="name")
    return names


def check_limits(capacity: int | None, opens_at: datetime | None, closes_at: datetime | None) -> None:
    """Check capacity and opening times. Raises Invalid `capacity_invalid` or `checkpoint_times_reversed`."""
    check_capacity(capacity)
    if opens_at is not None and closes_at is not None and closes_at <= opens_at:
        raise Invalid("checkpoint_times_reversed", field="closes_at")
