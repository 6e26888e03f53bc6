"""Repair presence from the log of scans."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from expo.accounts.rules import Actor, Permission, require
from expo.checkin.models import Zone
from expo.checkin.queries.checkpoints import door_facts
from expo.checkin.queries.passages import compare, list_wrong_presences, list_zone_groups
from expo.checkin.services.admissions import lock_attendees, lock_counters, write_presences
from expo.checkin.services.passages import recompute_from_log
from expo.checkin.services.zones import count_inside_zone
from expo.editions.queries import get_edition
from expo.infra.audit import record_act
from expo.infra.db import atomic, db, retried


@retried
def repair_presence(actor: Actor, edition_id: int, now: datetime) -> int:
    """Set every presence of an edition, and the counters, to match the scans; return how many were wrong.

    More people may be inside a zone than it holds, because devices without a network cannot know of each other.
    """
    require(actor, Permission.CHECKPOINTS_MANAGE, edition_id)
    edition = get_edition(edition_id)
    wrong = list_wrong_presences(edition, now)
    repaired = 0
    with atomic():
        connection = db.session.connection()
        for zone_ids in list_zone_groups(edition_id):
            people = sorted({each.attendee_id for each in wrong if each.zone_id in zone_ids})
            if not people:
                continue
            lock_counters(connection, zone_ids)
            lock_attendees(connection, people)
            found = [each for attendee_id in people for each in compare(edition, zone_ids, attendee_id, now)]
            write_presences(connection, {(each.attendee_id, each.zone_id): each.true for each in found})
            repaired += len(found)
            for zone_id in zone_ids:
                _recount(zone_id)
        if repaired:
            record_act(
                actor,
                "checkin.repair_presence",
                now,
                edition_id=edition_id,
                subject="edition",
                subject_id=edition_id,
                people=repaired,
            )
    return repaired


def merge_passages(edition_id: int, attendee_ids: Collection[int], now: datetime) -> None:
    """Set where these attendees stand to match the log, after scans were added to it; in an open transaction."""
    facts, connection = door_facts(edition_id), db.session.connection()
    counters = lock_counters(connection, facts.zones)
    lock_attendees(connection, attendee_ids)
    recompute_from_log(connection, facts, counters, sorted(set(facts.groups.values())), attendee_ids, now)


def recount_zones(edition_id: int) -> None:
    """Count how many people are inside zones with a capacity, which may just have got one; in an open transaction."""
    for zone_id in db.session.scalars(select(Zone.id).where(Zone.edition_id == edition_id).order_by(Zone.id)).all():
        _recount(zone_id)


def _recount(zone_id: int) -> None:
    zone = db.session.get_one(Zone, zone_id, populate_existing=True)
    if zone.capacity is not None:
        zone.inside = count_inside_zone(zone_id)
        db.session.flush()
