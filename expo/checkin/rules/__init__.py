"""Rules of check-in: reasons, checkpoints, and the judgement of a scan. Pure.

`judging` decides from plain facts, `trees` evaluates the rule of a checkpoint, and `needs` finds what would have let
somebody in. They also exist in JavaScript for devices without a network, `static/js/door/judge.js`, `trees.js` and
`needs.js`; `tests/data/door_cases.json` holds the two together.
"""

from expo.checkin.rules.checkpoints import CheckpointKind, check_code, check_limits, check_name
from expo.checkin.rules.reasons import (
    ANSWERED_AT_THE_DOOR,
    DISTRUSTED,
    FORCEABLE,
    MAX_FORCE_NOTE,
    Decider,
    Direction,
    ForceReason,
    Reason,
    Verdict,
    deciding_reason,
    is_answered_at_the_door,
    is_passage,
)
from expo.checkin.rules.zones import (
    MAX_CODE_LENGTH,
    check_capacity,
    check_thresholds,
    check_zone_code,
    check_zone_group,
    check_zone_name,
)

__all__ = [
    "ANSWERED_AT_THE_DOOR",
    "DISTRUSTED",
    "FORCEABLE",
    "MAX_CODE_LENGTH",
    "MAX_FORCE_NOTE",
    "CheckpointKind",
    "Decider",
    "Direction",
    "ForceReason",
    "Reason",
    "Verdict",
    "check_capacity",
    "check_code",
    "check_limits",
    "check_name",
    "check_thresholds",
    "check_zone_code",
    "check_zone_group",
    "check_zone_name",
    "deciding_reason",
    "is_answered_at_the_door",
    "is_passage",
]
