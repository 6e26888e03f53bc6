"""The parts of a checkpoint that have pages of their own: each is saved unless somebody else has changed that part.

A page carries the version of its part. Changes that others made to another part are neither in the way nor overwritten.
"""

from collections.abc import Callable, Iterable

from expo.checkin.queries.checkpoints import CheckpointRow, get_checkpoint
from expo.checkin.services.checkpoints import CheckpointRequest, edit_checkpoint
from expo.errors import Outdated
from expo.infra.audit import list_audit_records
from expo.infra.clock import utcnow
from expo.pure.versions import version_of
from expo.web.kit.access import current_actor, current_edition
from expo.web.organizer.changes import ChangedField, OtherChange, name_of_actor

RULE, QUESTIONS = ("rule",), ("questions",)
SETTINGS = (
    "name",
    "kind",
    "ticket_type_ids",
    "zone_id",
    "capacity",
    "opens_at",
    "closes_at",
    "hall_id",
    "room_id",
    "session_id",
)
_ATTEMPTS = 3


def version_of_part(door: CheckpointRow, part: Iterable[str]) -> str:
    """Return the version of some fields of a checkpoint."""
    values = (getattr(door, name) for name in part)
    return version_of(*(sorted(each) if isinstance(each, frozenset) else each for each in values))


def save_part(
    code: str, part: Iterable[str], version: str, change: Callable[[CheckpointRow], CheckpointRequest]
) -> None:
    """Change a part of a checkpoint. Raises Outdated if it is not the one that the form was opened with.

    `change` returns the request for the checkpoint as it is.
    """
    edition_id = current_edition().id
    for _ in range(_ATTEMPTS):
        door = get_checkpoint(edition_id, code)
        if version and version != version_of_part(door, part):
            break
        try:
            edit_checkpoint(current_actor(), edition_id, code, change(door), utcnow(), door.version)
        except Outdated:
            # Somebody saved between reading and saving: look again whether it was this part.
            continue
        return
    raise Outdated


def find_other_change(door: CheckpointRow, shown: dict[str, ChangedField]) -> list[OtherChange]:
    """Return who changed fields of a checkpoint last, when, and their values now; `shown` by field."""
    for act in list_audit_records("checkpoint", door.id):
        changed = [shown[name] for name in act.details.get("fields", ()) if name in shown]
        if changed:
            return [OtherChange(act.at, name_of_actor(act, current_edition().id), tuple(changed))]
    return []
