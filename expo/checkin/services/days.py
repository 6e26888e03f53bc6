"""The end of a day in the zones: people who were not scanned out are checked out automatically."""

from collections import Counter
from datetime import datetime

from sqlalchemy import select, update

from expo.accounts.rules import SYSTEM
from expo.checkin.models import Presence, Zone
from expo.editions.queries import EditionFacts, list_editions
from expo.infra.audit import record_act
from expo.infra.db import atomic, db, retried


def end_days(now: datetime) -> int:
    """Check out everyone, in every edition, who entered on an earlier day; return how many there were.

    Few zones scan exits. Without this, people who entered on the first day would be refused on the second as
    already inside. The demo edition is skipped, because its day never ends.
    """
    return sum(_end_day(edition, now) for edition in list_editions() if not edition.is_demo)


@retried
def _end_day(edition: EditionFacts, now: datetime) -> int:
    calendar = edition.door_calendar
    began_at = calendar.begins_at(calendar.day_of(now))
    with atomic():
        # Lock the zone before the presence, as everywhere.
        zone_ids = db.session.scalars(
            select(Zone.id).where(Zone.edition_id == edition.id).order_by(Zone.id).with_for_update()
        ).all()
        is_inside = Presence.zone_id.in_(zone_ids) & Presence.is_inside & (Presence.entered_at < began_at)
        entered = db.session.scalars(select(Presence.entered_at).where(is_inside).distinct())
        checked_out: Counter[int] = Counter()
        for day in sorted({calendar.day_of(moment) for moment in entered if moment}):
            over_at = calendar.ends_at(day)
            for zone_id, people in db.session.execute(
                update(Presence)
                .where(is_inside, Presence.entered_at < over_at)
                .values(is_inside=False, left_at=over_at)
                .returning(Presence.zone_id, Presence.people)
                .execution_options(synchronize_session=False)
            ):
                checked_out[zone_id] += people
        for zone_id, count in sorted(checked_out.items()):
            db.session.execute(
                update(Zone)
                .where(Zone.id == zone_id, Zone.capacity.is_not(None))
                .values(inside=Zone.inside - count)
                .execution_options(synchronize_session=False)
            )
        if checked_out:
            record_act(
                SYSTEM,
                "checkin.end_day",
                now,
                edition_id=edition.id,
                subject="edition",
                subject_id=edition.id,
                people=checked_out.total(),
            )
        return checked_out.total()
