"""The evacuation list: who is in which zone now, and how many more may be."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from expo.accounts.rules import Actor, Permission, require
from expo.checkin.errors import ZoneMissing
from expo.checkin.models import Checkpoint, Presence, Zone
from expo.checkin.queries.control_room import estimate_occupancy, read_control_facts
from expo.checkin.queries.occupancy import is_within_past_stay
from expo.editions.queries import EditionFacts
from expo.infra.audit import record_export
from expo.infra.db import db
from expo.pure.codes import show_code
from expo.pure.occupancy import Bounds
from expo.registration.models import Attendee

COLUMNS = (
    "zone",
    "presence",
    "name",
    "latin_name",
    "company",
    "code",
    "entered_at",
    "entrance",
    "last_seen_at",
    "people",
)
# People who were last seen so long ago may have left without being scanned.
LONG_STAY = timedelta(hours=4)
NO_BOUNDS = Bounds(0, 0, 0)


@dataclass(frozen=True)
class Occupant:
    """Somebody who was admitted and not scanned out since. `people`: with as many people, including themselves.

    `may_have_left`: not seen for hours, or scanned out of an area around the zone, such as the site.
    """

    code: str
    name: str
    latin_name: str
    company: str
    checkpoint_name: dict[str, str] | None
    entered_at: datetime | None
    seen_at: datetime
    may_have_left: bool
    people: int = 1


@dataclass(frozen=True)
class ZoneList:
    """The people whose last entry was to this zone, by name, and the bounds of all who are in it."""

    code: str
    name: dict[str, str]
    bounds: Bounds
    occupants: list[Occupant]

    @property
    def doubtful(self) -> int:
        """How many may have left."""
        return sum(each.people for each in self.occupants if each.may_have_left)

    @property
    def people(self) -> int:
        """How many people are listed: groups are one line."""
        return sum(each.people for each in self.occupants)


@dataclass(frozen=True)
class EvacuationList:
    """Everybody on the site, each in the zone that they entered last."""

    at: datetime
    site: Bounds
    zones: list[ZoneList]

    @property
    def people(self) -> int:
        """How many people are listed."""
        return sum(zone.people for zone in self.zones)

    @property
    def doubtful(self) -> int:
        """How many of them may have left."""
        return sum(zone.doubtful for zone in self.zones)


def get_evacuation_list(actor: Actor, edition: EditionFacts, now: datetime, zone: str | None = None) -> EvacuationList:
    """Return who is on the site, or in one zone, given by its code.

    No recent confirmation of the identity is required, as for other lists of people: there may be a fire.
    """
    require(actor, Permission.ATTENDEES_READ, edition.id)
    facts = read_control_facts(edition, now)
    site, bounds = estimate_occupancy(edition, facts)
    people = _list_occupants(edition.id, facts.at)
    return EvacuationList(
        at=facts.at,
        site=site,
        zones=[
            ZoneList(each.code, each.name, bounds.get(each.code, NO_BOUNDS), people.get(each.id, []))
            for each in facts.zones
            if zone is None or each.code == zone
        ],
    )


def export_evacuation_list(
    actor: Actor, edition: EditionFacts, now: datetime, kind: str, zone: str | None = None
) -> EvacuationList:
    """Record that the list is taken out as a file of a kind, and return it."""
    found = get_evacuation_list(actor, edition, now, zone)
    if zone and not found.zones:
        raise ZoneMissing
    wanted = {"format": kind, "people": found.people} | ({"zone": zone} if zone else {})
    record_export(actor, "evacuation", now, edition.id, **wanted)
    return found


def table_of(found: EvacuationList, edition: EditionFacts) -> list[list[str]]:
    """Return the list as rows of `COLUMNS`."""
    return [
        [
            zone.code,
            "may have left" if each.may_have_left else "inside",
            each.name,
            each.latin_name,
            each.company,
            show_code(each.code),
            _text(each.entered_at, edition),
            (each.checkpoint_name or {}).get("en", ""),
            _text(each.seen_at, edition),
            str(each.people),
        ]
        for zone in found.zones
        for each in zone.occupants
    ]


def _list_occupants(edition_id: int, at: datetime) -> dict[int, list[Occupant]]:
    """Return the people inside by the id of the zone that they entered last, sorted by name."""
    inside = (
        select(
            Presence.zone_id,
            Presence.attendee_id,
            Presence.checkpoint_id,
            Presence.entered_at,
            func.max(Presence.as_of).over(partition_by=Presence.attendee_id).label("seen_at"),
            Presence.is_inside,
            Presence.people,
            is_within_past_stay(Presence).label("has_left"),
        )
        .join(Zone, Zone.id == Presence.zone_id)
        .where(Zone.edition_id == edition_id)
        .subquery()
    )
    latest = func.row_number().over(
        partition_by=inside.c.attendee_id, order_by=(inside.c.entered_at.desc(), inside.c.zone_id.desc())
    )
    last = select(inside, latest.label("number")).where(inside.c.is_inside).subquery()
    doors = db.session.execute(select(Checkpoint.id, Checkpoint.name).where(Checkpoint.edition_id == edition_id))
    names = {each.id: each.name for each in doors}
    rows = db.session.execute(
        select(
            last.c.zone_id,
            Attendee.code,
            Attendee.name,
            Attendee.latin_name,
            Attendee.company,
            last.c.checkpoint_id,
            last.c.entered_at,
            last.c.seen_at,
            last.c.has_left,
            last.c.people,
        )
        .join(Attendee, Attendee.id == last.c.attendee_id)
        .where(last.c.number == 1)
        .order_by(Attendee.name, Attendee.id)
    )
    found: dict[int, list[Occupant]] = defaultdict(list)
    for row in rows:
        found[row.zone_id].append(
            Occupant(
                code=row[1],
                name=row[2],
                latin_name=row[3],
                company=row[4],
                checkpoint_name=names.get(row.checkpoint_id),
                entered_at=row.entered_at,
                seen_at=row.seen_at,
                may_have_left=bool(row.has_left) or at - row.seen_at >= LONG_STAY,
                people=row.people,
            )
        )
    return found


def _text(moment: datetime | None, edition: EditionFacts) -> str:
    return moment.astimezone(edition.zone).replace(microsecond=0).isoformat() if moment else ""
