"""The person who started an import run."""

from expo.accounts.queries import actor_for_person, find_person
from expo.accounts.rules import SYSTEM, Actor, require
from expo.errors import Refused
from expo.imports.queries import RunRow
from expo.imports.rules import PERMISSIONS


def find_starter(run: RunRow) -> Actor:
    """Return the actor who started the run, with their current permissions.

    Raises Refused `import_starter_gone` if they no longer exist, PermissionMissing if they may no longer import this.
    """
    if run.actor_kind == "system":
        return SYSTEM
    person = find_person(run.actor_id) if run.actor_kind == "person" and run.actor_id is not None else None
    if person is None:
        raise Refused("import_starter_gone")
    actor = actor_for_person(person, run.edition_id)
    require(actor, PERMISSIONS[run.kind], run.edition_id)
    return actor
