"""Services for roles: grant and revoke them. Both end the sessions and links of the person concerned."""

from datetime import datetime

from sqlalchemy import delete, select

from expo.accounts.models import RoleGrant
from expo.accounts.rules import Actor, Permission, Role, require, require_confirmed
from expo.accounts.services.sessions import increment_link_version
from expo.errors import Conflict
from expo.infra.audit import record_act
from expo.infra.db import atomic, db
from expo.infra.inserting import insert_new


def grant_role(actor: Actor, edition_id: int, person_id: int, role: Role, now: datetime) -> None:
    """Grant a person a role in an edition; granting it again changes nothing."""
    require(actor, Permission.ROLES_MANAGE, edition_id)
    require_confirmed(actor)
    with atomic():
        granted = insert_new(
            RoleGrant,
            "edition_id",
            "person_id",
            "role",
            edition_id=edition_id,
            person_id=person_id,
            role=role.value,
            granted_at=now,
        )
        if granted is not None:
            increment_link_version(person_id, keep_session=_own_session(actor, person_id))
        record_act(
            actor,
            "accounts.grant_role",
            now,
            edition_id=edition_id,
            subject="person",
            subject_id=person_id,
            role=role.value,
        )


def revoke_role(actor: Actor, edition_id: int, person_id: int, role: Role, now: datetime) -> None:
    """Revoke a person's role in an edition. Raises Conflict `last_organizer` rather than leave it without one."""
    require(actor, Permission.ROLES_MANAGE, edition_id)
    require_confirmed(actor)
    with atomic():
        if role is Role.ORGANIZER and _lock_organizers(edition_id) == {person_id}:
            raise Conflict("last_organizer")
        revoked = db.session.scalar(
            delete(RoleGrant)
            .where(RoleGrant.edition_id == edition_id, RoleGrant.person_id == person_id, RoleGrant.role == role.value)
            .returning(RoleGrant.id)
            .execution_options(synchronize_session=False)
        )
        if revoked is not None:
            increment_link_version(person_id, keep_session=_own_session(actor, person_id))
        record_act(
            actor,
            "accounts.withdraw_role",
            now,
            edition_id=edition_id,
            subject="person",
            subject_id=person_id,
            role=role.value,
        )


def _own_session(actor: Actor, person_id: int) -> int | None:
    """Return the session to preserve: people who change their own roles stay signed in."""
    return actor.session_id if actor.kind == "person" and actor.id == person_id else None


def _lock_organizers(edition_id: int) -> set[int]:
    """Return the organizers of an edition and lock their grants, so that two cannot revoke each other's at once."""
    return set(
        db.session.scalars(
            select(RoleGrant.person_id)
            .where(RoleGrant.edition_id == edition_id, RoleGrant.role == Role.ORGANIZER.value)
            .order_by(RoleGrant.id)
            .with_for_update()
        )
    )
