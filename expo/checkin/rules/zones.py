"""Validation of zones. Pure."""

import re

from expo.errors import Invalid

MAX_PERCENT = 100
MAX_CODE_LENGTH = 32
MAX_PERCENT = 100
CODE_PATTERN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def check_capacity(capacity: int | None) -> int | None:
    """Return the capacity of a zone. Raises Invalid `capacity_invalid`."""
    if capacity is not None and capacity < 1:
        raise Invalid("capacity_invalid", field="capacity")
    return capacity


def check_thresholds(warning: int | None, alarm: int | None) -> tuple[int | None, int | None]:
    """Return when the control room warns and raises an alarm, in percent. Raises Invalid `zone_percent_invalid`.

    A warning that comes with the alarm, or after it, would say nothing.
    """
    for field, percent in (("warning_percent", warning), ("alarm_percent", alarm)):
        if percent is not None and not 1 <= percent <= MAX_PERCENT:
            raise Invalid("zone_percent_invalid", field=field)
    if warning is not None and alarm is not None and warning >= alarm:
        raise Invalid("zone_percent_reversed", field="warning_percent")
    return warning, alarm


def check_zone_code(code: str) -> str:
    """Return a zone's code. Raises Invalid `zone_code_invalid` if it cannot be part of a URL."""
    code = code.strip()
    if len(code) > MAX_CODE_LENGTH or not CODE_PATTERN.fullmatch(code):
        raise Invalid("zone_code_invalid", field="code", maximum=MAX_CODE_LENGTH)
    return code


def check_zone_name(name: dict[str, str]) -> dict[str, str]:
    """Return a zone's name by language. Raises Invalid `zone_name_empty`."""
    names = {code: text.strip() for code, text in name.items() if text.strip()}
    if not names:
        raise Invalid("zone_name_empty", field="name")
    return names


def check_zone_group(group: str | None) -> str | None:
    """Return the group of a zone, or None without one. Raises Invalid `zone_group_invalid`."""
    group = (group or "").strip()
    if group and (len(group) > MAX_CODE_LENGTH or not CODE_PATTERN.fullmatch(group)):
        raise Invalid("zone_group_invalid", field="exclusive_group", maximum=MAX_CODE_LENGTH)
    return group or None
