"""Acts on calls for proposals."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select

from expo.accounts.rules import Actor, Permission, require
from expo.editions.models import Edition
from expo.editions.services import increment_content_version
from expo.errors import Conflict
from expo.infra.audit import record_act
from expo.infra.db import atomic, db, lock
from expo.proposals.errors import CallMissing
from expo.proposals.models import Call, Proposal, ReviewRound, RoundReviewer
from expo.proposals.queries import get_call_by_id
from expo.proposals.rules import CallRequest, check_call
from expo.pure.slugs import make_slug
from expo.pure.versions import require_version
from expo.questions.rules import Purpose
from expo.questions.services import create_form, delete_form


def create_call(actor: Actor, edition_id: int, request: CallRequest, now: datetime) -> str:
    """Add a call with an empty form of questions, and return its slug. Raises Invalid."""
    require(actor, Permission.PROGRAM_MANAGE, edition_id)
    check_call(request)
    with atomic():
        lock(Edition, edition_id)  # two calls of the same name at once get different slugs
        taken = set(db.session.scalars(select(Call.slug).where(Call.edition_id == edition_id)))
        title = request.title.get("en") or next(text for text in request.title.values() if text.strip())
        call = Call(
            edition_id=edition_id,
            slug=make_slug(title, taken),
            form_id=create_form(actor, edition_id, Purpose.PROPOSALS, now),
            position=len(taken),
            created_at=now,
            **_columns_of(request),
        )
        db.session.add(call)
        db.session.flush()
        _record(actor, call, "proposals.create_call", now)
        return call.slug


def change_call(
    actor: Actor, edition_id: int, slug: str, request: CallRequest, version: str | None, now: datetime
) -> None:
    """Change a call; its address stays. Raises CallMissing, Invalid, or Outdated if its version is not `version`."""
    require(actor, Permission.PROGRAM_MANAGE, edition_id)
    check_call(request)
    with atomic():
        call = _lock_call(edition_id, slug)
        require_version(version, get_call_by_id(call.id).version)
        changed = {name: value for name, value in _columns_of(request).items() if getattr(call, name) != value}
        for name, value in changed.items():
            setattr(call, name, value)
        db.session.flush()
        _record(actor, call, "proposals.change_call", now, fields=sorted(changed))


def close_call(actor: Actor, edition_id: int, slug: str, now: datetime) -> None:
    """Close a call at once. Raises CallMissing, Conflict `call_not_open`."""
    require(actor, Permission.PROGRAM_MANAGE, edition_id)
    with atomic():
        call = _lock_call(edition_id, slug)
        if (call.closes_at is not None and call.closes_at <= now) or (
            call.opens_at is not None and call.opens_at >= now
        ):
            raise Conflict("call_not_open")
        call.closes_at = now
        db.session.flush()
        _record(actor, call, "proposals.close_call", now, fields=["closes_at"])


def delete_call(actor: Actor, edition_id: int, slug: str, now: datetime) -> None:
    """Delete a call that has no proposals, with its questions. Raises CallMissing, Conflict `call_in_use`."""
    require(actor, Permission.PROGRAM_MANAGE, edition_id)
    with atomic():
        call = _lock_call(edition_id, slug)
        count = db.session.scalar(select(func.count()).where(Proposal.call_id == call.id))
        if count:
            raise Conflict("call_in_use", count=count)
        form_id = call.form_id
        _delete_rounds(call.id)
        _record(actor, call, "proposals.delete_call", now)
        db.session.delete(call)
        db.session.flush()
        delete_form(actor, edition_id, form_id, now)


def _delete_rounds(call_id: int) -> None:
    """Delete the review rounds of a call, which have no reviews as long as it has no proposals."""
    rounds = select(ReviewRound.id).where(ReviewRound.call_id == call_id)
    db.session.execute(delete(RoundReviewer).where(RoundReviewer.round_id.in_(rounds)))
    db.session.execute(delete(ReviewRound).where(ReviewRound.call_id == call_id))


def _lock_call(edition_id: int, slug: str) -> Call:
    call_id = db.session.scalar(select(Call.id).where(Call.edition_id == edition_id, Call.slug == slug))
    call = lock(Call, call_id) if call_id is not None else None
    if call is None:
        raise CallMissing
    return call


def _columns_of(request: CallRequest) -> dict[str, Any]:
    columns = asdict(request)
    return {name: list(value) if isinstance(value, tuple) else value for name, value in columns.items()}


def _record(actor: Actor, call: Call, action: str, now: datetime, **details: Any) -> None:
    increment_content_version(call.edition_id, now)
    # As it is stored, so that the version is the one that is read next.
    db.session.refresh(call)
    record_act(
        actor, action, now,
        edition_id=call.edition_id, subject="call", subject_id=call.id, slug=call.slug,
        opens_at=call.opens_at.isoformat() if call.opens_at else None,
        closes_at=call.closes_at.isoformat() if call.closes_at else None,
        version=get_call_by_id(call.id).version, **details,
    )  # fmt: skip
