"""Recording scans: whatever the order in which a queue arrives, and however often, the result is the same."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from expo.accounts.rules import Actor
from expo.badges.queries import find_badge, find_badge_of, list_trusted_keys
from expo.badges.rules import Distrust, TrustedKeys, verify_badge, verify_typed_badge
from expo.editions.queries import get_edition
from expo.errors import Refused
from expo.exhibitors.queries import Membership, require_member
from expo.exhibitors.rules import ExhibitorState, TeamAction
from expo.infra.db import atomic, db, retried
from expo.infra.inserting import insert_new
from expo.leads.models import Lead, LeadNote, LeadScan
from expo.leads.queries import list_questions
from expo.leads.rules import (
    MAX_RATING,
    FollowUp,
    LeadEntry,
    LeadEvent,
    LeadOutcome,
    Question,
    check_note,
    clamp_time,
    is_later,
    read_answers,
)
from expo.leads.services.leads import record_lead_change, store_answers
from expo.leads.services.licences import licence_missing, list_licensed_entries
from expo.pure.codes import make_code, normalize_code
from expo.registration.errors import AttendeeMissing
from expo.registration.queries import get_attendee, get_attendee_by_id
from expo.registration.rules import AttendeeState

CODE_LENGTH = 10

_OUTCOMES = {
    Distrust.UNREADABLE: LeadOutcome.UNREADABLE,
    Distrust.FORGED: LeadOutcome.FORGED,
    Distrust.OTHER_EDITION: LeadOutcome.OTHER_EDITION,
}


@dataclass(frozen=True)
class LeadAnswer:
    """What came of an entry; `lead_id`, whose badge it was and when it was scanned are None unless it was saved."""

    scan_id: str
    outcome: LeadOutcome
    lead_id: int | None = None
    attendee_id: int | None = None
    scanned_at: datetime | None = None


@dataclass(frozen=True)
class _Booth:
    """What the scans of one request have in common."""

    membership: Membership
    author: str
    edition_id: int
    edition_number: int
    keys: TrustedKeys
    questions: Sequence[Question]
    now: datetime


def record_scans(
    actor: Actor, edition_id: int, slug: str, entries: Sequence[LeadEntry], now: datetime
) -> list[LeadAnswer]:
    """Record scans with what was noted about them, each in a transaction of its own, and return answers in order.

    A visitor has one lead at a company; every scan is a visit. Repeating a `scan_id` adds none, whatever else is sent.
    Scans without a lead licence are refused after the others are recorded. Raises ExhibitorMissing, PermissionMissing,
    Refused `leads_not_approved`, `lead_licence_missing`, Invalid `lead_note_too_long`.
    """
    membership = require_member(actor, edition_id, slug, TeamAction.COLLECT_LEADS)
    if membership.state is not ExhibitorState.APPROVED:
        raise Refused("leads_not_approved")
    booth = _Booth(
        membership,
        actor.label[:200],
        edition_id,
        get_edition(edition_id).number,
        list_trusted_keys(),
        list_questions(membership.exhibitor_id),
        now,
    )
    licensed = list_licensed_entries(membership, entries)
    answers = [_record(booth, each) for each in licensed]
    if len(licensed) < len(entries):
        raise licence_missing(membership)
    return answers


@retried
def _record(booth: _Booth, entry: LeadEntry) -> LeadAnswer:
    exhibitor_id = booth.membership.exhibitor_id
    with atomic():
        found = _find_visitor(booth, entry)
        if isinstance(found, LeadOutcome):
            return LeadAnswer(entry.scan_id, found)
        attendee_id = _find_scanned(exhibitor_id, entry.scan_id) or found
        scanned_at = clamp_time(entry.scanned_at, booth.now)
        is_new = _begin_lead(exhibitor_id, attendee_id, scanned_at)
        lead = _lock_lead(exhibitor_id, attendee_id)
        if lead.withdrawn_at is not None:
            return LeadAnswer(entry.scan_id, LeadOutcome.WITHDRAWN)
        is_visit = _add_visit(booth, entry, lead, scanned_at)
        if lead.deleted_at is not None:
            if not is_visit or scanned_at <= lead.deleted_at:
                return LeadAnswer(entry.scan_id, LeadOutcome.DELETED)
            lead.deleted_at, lead.first_at, lead.last_at, is_new = None, scanned_at, scanned_at, True
        lead.first_at, lead.last_at = min(lead.first_at, scanned_at), max(lead.last_at, scanned_at)
        is_changed = _apply(booth, entry, lead)
        if is_new or is_visit or is_changed:
            record_lead_change(lead, LeadEvent.CREATED if is_new else LeadEvent.UPDATED, booth.now)
        return LeadAnswer(entry.scan_id, LeadOutcome.SAVED, lead.id, attendee_id, scanned_at)


def _find_visitor(booth: _Booth, entry: LeadEntry) -> int | LeadOutcome:
    """Return the attendee whose badge was scanned, or why the scan does not count."""
    if entry.code:
        return _find_by_code(booth, entry.code)
    badge = verify_badge(entry.token, booth.keys, booth.edition_number)
    if isinstance(badge, Distrust):
        typed = verify_typed_badge((entry.keys, entry.token), booth.keys, booth.edition_number)
        badge = badge if typed is None else typed
    if isinstance(badge, Distrust):
        return _OUTCOMES[badge]
    row = find_badge(booth.edition_id, badge.serial)
    if row is None:
        return LeadOutcome.FORGED
    if row.revoked_at is not None or row.issue != badge.issue:
        return LeadOutcome.REVOKED
    return _confirmed(booth, row.attendee_id)


def _find_by_code(booth: _Booth, code: str) -> int | LeadOutcome:
    try:
        attendee = get_attendee(booth.edition_id, normalize_code(code))
    except AttendeeMissing:
        return LeadOutcome.UNKNOWN_CODE
    badge = find_badge_of(attendee.id)
    if badge is None or badge.revoked_at is not None:
        return LeadOutcome.REVOKED
    return _confirmed(booth, attendee.id)


def _confirmed(booth: _Booth, attendee_id: int) -> int | LeadOutcome:
    attendee = get_attendee_by_id(booth.edition_id, attendee_id)
    return attendee.id if attendee.state is AttendeeState.CONFIRMED else LeadOutcome.CANCELLED


def _find_scanned(exhibitor_id: int, scan_id: str) -> int | None:
    """Return whose badge a scan was of when it came first."""
    return db.session.scalar(
        select(Lead.attendee_id)
        .join(LeadScan, LeadScan.lead_id == Lead.id)
        .where(LeadScan.exhibitor_id == exhibitor_id, LeadScan.scan_id == scan_id)
    )


def _begin_lead(exhibitor_id: int, attendee_id: int, scanned_at: datetime) -> bool:
    """Add the lead unless there is one; return whether it is new. The statement decides between two members."""
    added = insert_new(
        Lead,
        "exhibitor_id",
        "attendee_id",
        exhibitor_id=exhibitor_id,
        attendee_id=attendee_id,
        code=make_code(CODE_LENGTH, secrets.choice),
        first_at=scanned_at,
        last_at=scanned_at,
        status=FollowUp.NEW.value,
        answers={},
        answer_times={},
        version=0,
    )
    return added is not None


def _lock_lead(exhibitor_id: int, attendee_id: int) -> Lead:
    query = select(Lead).where(Lead.exhibitor_id == exhibitor_id, Lead.attendee_id == attendee_id).with_for_update()
    return db.session.scalars(query, execution_options={"populate_existing": True}).one()


def _add_visit(booth: _Booth, entry: LeadEntry, lead: Lead, scanned_at: datetime) -> bool:
    added = insert_new(
        LeadScan,
        "exhibitor_id",
        "scan_id",
        exhibitor_id=lead.exhibitor_id,
        lead_id=lead.id,
        scan_id=entry.scan_id,
        member_id=booth.membership.member_id,
        scanned_at=scanned_at,
        received_at=booth.now,
    )
    return added is not None


def _apply(booth: _Booth, entry: LeadEntry, lead: Lead) -> bool:
    """Apply what was noted about the scan where it is later than what is stored; return whether anything changed."""
    at = clamp_time(entry.changed_at, booth.now)
    changed = False
    is_rated = entry.rating is not None and 1 <= entry.rating <= MAX_RATING
    if is_rated and is_later(at, entry.rating, lead.rated_at, lead.rating):
        changed = lead.rating != entry.rating
        lead.rating, lead.rated_at = entry.rating, at
    if entry.answers:
        changed = store_answers(lead, read_answers(booth.questions, entry.answers), at) or changed
    if entry.note is not None:
        changed = _write_note(booth, entry.scan_id, check_note(entry.note), lead, at) or changed
    return changed


def _write_note(booth: _Booth, scan_id: str, text: str, lead: Lead, at: datetime) -> bool:
    """Store the note of a scan, which later entries for the same scan replace."""
    row = db.session.scalars(
        select(LeadNote).where(LeadNote.lead_id == lead.id, LeadNote.scan_id == scan_id)
    ).one_or_none()
    if row is None:
        # Even an empty one, because an earlier text may arrive later.
        row = LeadNote(
            lead_id=lead.id,
            scan_id=scan_id,
            member_id=booth.membership.member_id,
            author=booth.author,
            text=text,
            written_at=at,
            changed_at=at,
        )
        db.session.add(row)
        db.session.flush()
        return bool(text)
    if not is_later(at, text, row.changed_at, row.text):
        return False
    changed = row.text != text
    row.text, row.changed_at = text, at
    return changed
