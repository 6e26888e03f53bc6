"""Acts on the messages between companies and organizers."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import update

from expo.accounts.rules import Actor, Permission, require
from expo.exhibitors.models import Message
from expo.exhibitors.queries.members import Membership, require_member
from expo.exhibitors.rules import MAX_MESSAGE_LENGTH, TeamAction
from expo.infra.audit import record_act
from expo.infra.db import atomic, db
from expo.pure.fields import check_message


def add_company_message(actor: Actor, edition_id: int, slug: str, text: str, now: datetime) -> Membership:
    """Store a company's message to the organizers, and return whose it is.

    Raises ExhibitorMissing, PermissionMissing, Invalid `message_empty` or `text_too_long`.
    """
    member = require_member(actor, edition_id, slug, TeamAction.EDIT_PAGE)
    _add(actor, edition_id, [member.exhibitor_id], text, now, is_from_organizers=False)
    return member


def add_organizer_messages(
    actor: Actor, edition_id: int, exhibitor_ids: Iterable[int], text: str, now: datetime
) -> None:
    """Store the organizers' message to companies of the edition. Raises Invalid `message_empty`, `text_too_long`."""
    require(actor, Permission.EXHIBITORS_MANAGE, edition_id)
    _add(actor, edition_id, exhibitor_ids, text, now, is_from_organizers=True)


def mark_read(exhibitor_id: int, now: datetime, *, from_organizers: bool) -> None:
    """Mark the messages of one side of a thread as opened by the other; the caller checked who opens them."""
    with atomic():
        db.session.execute(
            update(Message)
            .where(
                Message.exhibitor_id == exhibitor_id,
                Message.is_from_organizers.is_(from_organizers),
                Message.read_at.is_(None),
            )
            .values(read_at=now)
            .execution_options(synchronize_session=False)
        )


def _add(
    actor: Actor, edition_id: int, exhibitor_ids: Iterable[int], text: str, now: datetime, *, is_from_organizers: bool
) -> None:
    text = check_message(text, MAX_MESSAGE_LENGTH)
    with atomic():
        for exhibitor_id in exhibitor_ids:
            db.session.add(
                Message(
                    exhibitor_id=exhibitor_id,
                    is_from_organizers=is_from_organizers,
                    author_id=actor.id if actor.kind == "person" else None,
                    author_name=actor.label,
                    text=text,
                    sent_at=now,
                )
            )
            record_act(
                actor,
                "exhibitors.write_to_company" if is_from_organizers else "exhibitors.write_to_organizers",
                now,
                edition_id=edition_id,
                subject="exhibitor",
                subject_id=exhibitor_id,
            )
        db.session.flush()
