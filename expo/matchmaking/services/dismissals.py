"""Acts on recommendations that somebody is not interested in, and changes of mind."""

from datetime import datetime

from sqlalchemy import delete, select

from expo.accounts.errors import PermissionMissing
from expo.accounts.rules import Actor, Permission
from expo.errors import Missing
from expo.exhibitors.models import Exhibitor
from expo.exhibitors.queries import require_member
from expo.exhibitors.rules import TeamAction
from expo.infra.db import atomic, db
from expo.matchmaking.models import CompanyDismissal, Dismissal
from expo.matchmaking.rules import TargetKind
from expo.program.models import Session
from expo.registration.models import Attendee
from expo.registration.queries import get_attendee_by_id


def dismiss(actor: Actor, edition_id: int, attendee_id: int, kind: TargetKind, target_id: int, now: datetime) -> None:
    """Note that an attendee is not interested in a target. Raises AttendeeMissing, PermissionMissing, Missing."""
    _require_attendee(actor, edition_id, attendee_id)
    _require_target(edition_id, kind, target_id)
    with atomic():
        key = (attendee_id, kind.value, target_id)
        if db.session.get(Dismissal, key) is None:
            db.session.add(Dismissal(attendee_id=attendee_id, target_kind=kind.value, target_id=target_id, at=now))


def undo_dismissal(actor: Actor, edition_id: int, attendee_id: int, kind: TargetKind, target_id: int) -> None:
    """Let a target be recommended again. Raises AttendeeMissing, PermissionMissing."""
    _require_attendee(actor, edition_id, attendee_id)
    with atomic():
        db.session.execute(
            delete(Dismissal).where(
                Dismissal.attendee_id == attendee_id,
                Dismissal.target_kind == kind.value,
                Dismissal.target_id == target_id,
            )
        )


def dismiss_visitor(actor: Actor, edition_id: int, slug: str, attendee_id: int, now: datetime) -> None:
    """Note that a company is not interested in a visitor. Raises ExhibitorMissing, PermissionMissing, Missing."""
    company = require_member(actor, edition_id, slug, TeamAction.VIEW)
    _require_target(edition_id, TargetKind.ATTENDEE, attendee_id)
    with atomic():
        if db.session.get(CompanyDismissal, (company.exhibitor_id, attendee_id)) is None:
            db.session.add(CompanyDismissal(exhibitor_id=company.exhibitor_id, attendee_id=attendee_id, at=now))


def undo_dismissal_of_visitor(actor: Actor, edition_id: int, slug: str, attendee_id: int) -> None:
    """Let a visitor be suggested to a company again. Raises ExhibitorMissing, PermissionMissing."""
    company = require_member(actor, edition_id, slug, TeamAction.VIEW)
    with atomic():
        db.session.execute(
            delete(CompanyDismissal).where(
                CompanyDismissal.exhibitor_id == company.exhibitor_id, CompanyDismissal.attendee_id == attendee_id
            )
        )


def _require_attendee(actor: Actor, edition_id: int, attendee_id: int) -> None:
    attendee = get_attendee_by_id(edition_id, attendee_id)
    if actor.kind != "person" or actor.id != attendee.person_id:
        raise PermissionMissing(Permission.ATTENDEES_WRITE.value)


def _require_target(edition_id: int, kind: TargetKind, target_id: int) -> None:
    queries = {
        TargetKind.EXHIBITOR: select(Exhibitor.id).where(Exhibitor.id == target_id, Exhibitor.edition_id == edition_id),
        TargetKind.ATTENDEE: select(Attendee.id).where(Attendee.id == target_id, Attendee.edition_id == edition_id),
        TargetKind.SESSION: select(Session.id).where(Session.id == target_id, Session.edition_id == edition_id),
    }
    if db.session.scalar(queries[kind]) is None:
        raise Missing("recommendation_missing")
