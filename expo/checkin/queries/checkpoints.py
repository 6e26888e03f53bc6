"""Queries on checkpoints, and the cached facts of an edition that scans need."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from expo.badges.queries import list_trusted_keys
from expo.badges.rules import TrustedKeys
from expo.checkin.errors import CheckpointMissing
from expo.checkin.models import Checkpoint, CheckpointTicketType, Hub, Zone
from expo.checkin.queries.zones import list_zones
from expo.checkin.rules import CheckpointKind
from expo.checkin.rules.facts import CheckpointFacts, Rule, write_moment
from expo.checkin.rules.trees import list_required_add_ons
from expo.editions.errors import EditionMissing
from expo.editions.models import Edition
from expo.infra.cache import get_recent
from expo.infra.db import db
from expo.program.models import Session
from expo.pure.door_days import DayRange, DoorCalendar
from expo.pure.versions import version_of
from expo.tickets.models import TicketType
from expo.tickets.queries import name_add_ons

# How long other processes may use a checkpoint's old rules after a change. Revocations are never cached.
DOOR_FACTS_SECONDS = 2.0


@dataclass(frozen=True)
class CheckpointRow:
    """A checkpoint as listed. `ticket_type_ids` is None if every type is admitted.

    Capacity and `inside`, which is counted only with a capacity, are those of its zone.
    """

    id: int
    zone_id: int
    zone_code: str
    code: str
    name: dict[str, str]
    hall_id: int | None
    room_id: int | None
    is_open: bool
    ticket_type_ids: frozenset[int] | None
    capacity: int | None
    inside: int
    opens_at: datetime | None
    closes_at: datetime | None
    position: int
    kind: CheckpointKind
    session_id: int | None
    rule: Rule | None
    questions: list[dict[str, Any]]

    @property
    def version(self) -> str:
        """The version that a change must name; how many people are inside is not part of it."""
        types = None if self.ticket_type_ids is None else sorted(self.ticket_type_ids)
        return version_of({**asdict(self), "ticket_type_ids": types, "inside": 0})


@dataclass(frozen=True)
class Place:
    """A checkpoint as included in an answer."""

    code: str
    name: dict[str, str]


@dataclass(frozen=True)
class DoorZone:
    """A zone with what a scan needs."""

    id: int
    code: str
    capacity: int | None
    exclusive_group: str | None
    anti_passback: bool


@dataclass(frozen=True)
class Door:
    """A checkpoint with what a scan needs."""

    id: int
    place: Place
    zone: DoorZone
    facts: CheckpointFacts
    # What only its rule needs to know: presence in other zones, seats, and add-ons.
    other_zone_ids: tuple[int, ...]
    needs_seats: bool
    needs_add_ons: bool
    # What its rule asks for, by code.
    required_add_ons: tuple[str, ...] = ()


@dataclass(frozen=True)
class TicketTypeFacts:
    """A ticket type as shown to stewards."""

    code: str
    name: dict[str, str]
    band: int
    party: int
    door_note: dict[str, str]


@dataclass(frozen=True)
class DoorFacts:
    """The facts shared by all checkpoints of an edition. `keys`: trusted keys by edition number and key id."""

    edition_number: int
    calendar: DoorCalendar
    time_zone: str
    # The demo edition's day never ends: it is always the day it was set up to show.
    is_demo: bool
    keys: TrustedKeys
    doors: dict[str, Door]
    places: dict[int, Place]
    zones: dict[int, DoorZone]
    ticket_types: dict[int, TicketTypeFacts]
    # The ids of the zones that exclude each other, by each of them; other zones are alone.
    groups: dict[int, tuple[int, ...]]
    # Whether this is the hub of a hall, which sends its scans on.
    is_hub: bool
    # The names of the add-ons that rules ask for, by code.
    add_ons: dict[str, dict[str, str]]

    def group_of(self, zone_id: int) -> tuple[int, ...]:
        """Return the zones that exclude this one, including itself."""
        return self.groups[zone_id]


def door_facts(edition_id: int) -> DoorFacts:
    """Return the facts for scanning in an edition, at most two seconds old. Raises EditionMissing."""
    recent = get_recent()
    facts: DoorFacts | None = recent.get(("door_facts", edition_id))
    if facts is None:
        facts = _read_door_facts(edition_id)
        recent.set(("door_facts", edition_id), facts, DOOR_FACTS_SECONDS)
    return facts


def clear_checkpoint_cache(edition_id: int) -> None:
    """Drop the cached facts in this process."""
    get_recent().forget(("door_facts", edition_id))


def list_checkpoints(edition_id: int) -> list[CheckpointRow]:
    """Return the checkpoints of an edition in order."""
    rows = db.session.execute(
        _WITH_ZONE.where(Checkpoint.edition_id == edition_id).order_by(Checkpoint.position, Checkpoint.id)
    ).all()
    types = _types_by_checkpoint(edition_id)
    return [_row(checkpoint, zone, types) for checkpoint, zone in rows]


def get_checkpoint(edition_id: int, code: str) -> CheckpointRow:
    """Return one checkpoint of an edition. Raises CheckpointMissing."""
    found = db.session.execute(
        _WITH_ZONE.where(Checkpoint.edition_id == edition_id, Checkpoint.code == code)
    ).one_or_none()
    if found is None:
        raise CheckpointMissing
    return _row(*found, _types_by_checkpoint(edition_id))


_WITH_ZONE = select(Checkpoint, Zone).join(Zone, Zone.id == Checkpoint.zone_id)


def _row(each: Checkpoint, zone: Zone, types: dict[int, frozenset[int]]) -> CheckpointRow:
    return CheckpointRow(
        id=each.id,
        zone_id=zone.id,
        zone_code=zone.code,
        code=each.code,
        name=each.name,
        hall_id=each.hall_id,
        room_id=each.room_id,
        is_open=each.is_open,
        ticket_type_ids=types.get(each.id, frozenset()) if each.is_restricted else None,
        capacity=zone.capacity,
        inside=zone.inside,
        opens_at=each.opens_at,
        closes_at=each.closes_at,
        position=each.position,
        kind=CheckpointKind(each.kind),
        session_id=each.session_id,
        rule=each.rule,
        questions=each.questions,
    )


def _types_by_checkpoint(edition_id: int) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = {}
    for checkpoint_id, type_id in db.session.execute(
        select(CheckpointTicketType.checkpoint_id, CheckpointTicketType.ticket_type_id)
        .join(Checkpoint, Checkpoint.id == CheckpointTicketType.checkpoint_id)
        .where(Checkpoint.edition_id == edition_id)
    ):
        found.setdefault(checkpoint_id, set()).add(type_id)
    return {checkpoint_id: frozenset(types) for checkpoint_id, types in found.items()}


def list_checkpoint_facts(edition_id: int) -> dict[str, CheckpointFacts]:
    """Return the facts of an edition's checkpoints by code."""
    return _facts_of(edition_id, list_checkpoints(edition_id))


def _facts_of(edition_id: int, rows: Sequence[CheckpointRow]) -> dict[str, CheckpointFacts]:
    types = {
        row.id: row.code
        for row in db.session.execute(select(TicketType.id, TicketType.code).where(TicketType.edition_id == edition_id))
    }
    sessions = {
        row.id: (row.slug, row.starts_at, row.ends_at)
        for row in db.session.execute(
            select(Session.id, Session.slug, Session.starts_at, Session.ends_at).where(
                Session.id.in_({each.session_id for each in rows if each.session_id is not None})
            )
        )
    }
    zones = {each.id: each for each in list_zones(edition_id)}
    facts: dict[str, CheckpointFacts] = {}
    for each in rows:
        slug, starts_at, ends_at = sessions.get(each.session_id or 0, (None, None, None))
        allowed = each.ticket_type_ids
        facts[each.code] = {
            "code": each.code,
            "zone": zones[each.zone_id].code,
            "is_open": each.is_open,
            "opens_at": write_moment(each.opens_at),
            "closes_at": write_moment(each.closes_at),
            "ticket_types": None if allowed is None else sorted(types[type_id] for type_id in allowed),
            "session": slug,
            "session_starts_at": write_moment(starts_at),
            "session_ends_at": write_moment(ends_at),
            "rule": each.rule,
            "anti_passback": zones[each.zone_id].anti_passback,
            "questions": each.questions,  # type: ignore[typeddict-item]  # checked when stored
        }
    return facts


def _read_door_facts(edition_id: int) -> DoorFacts:
    edition = db.session.execute(
        select(Edition.number, Edition.starts_on, Edition.ends_on, Edition.time_zone, Edition.is_demo).where(
            Edition.id == edition_id
        )
    ).one_or_none()
    if edition is None:
        raise EditionMissing
    checkpoints = list_checkpoints(edition_id)
    facts = _facts_of(edition_id, checkpoints)
    places = {each.id: Place(each.code, each.name) for each in checkpoints}
    zones = {
        each.id: DoorZone(each.id, each.code, each.capacity, each.exclusive_group, each.anti_passback)
        for each in list_zones(edition_id)
    }
    ticket_types = db.session.scalars(select(TicketType).where(TicketType.edition_id == edition_id))
    return DoorFacts(
        edition_number=edition.number,
        calendar=DoorCalendar(DayRange(edition.starts_on, edition.ends_on), ZoneInfo(edition.time_zone)),
        time_zone=edition.time_zone,
        is_demo=edition.is_demo,
        keys=list_trusted_keys(),
        doors={each.code: _door(each, places[each.id], zones, facts[each.code]) for each in checkpoints},
        places=places,
        zones=zones,
        groups=_groups(zones),
        is_hub=db.session.scalar(select(Hub.id)) is not None,
        add_ons=name_required_add_ons(edition_id, facts),
        ticket_types={
            each.id: TicketTypeFacts(each.code, each.name, each.band, each.party, each.door_note)
            for each in ticket_types
        },
    )


def _door(row: CheckpointRow, place: Place, zones: dict[int, DoorZone], facts: CheckpointFacts) -> Door:
    named = _zones_named(row.rule)
    others = tuple(each.id for each in zones.values() if each.code in named and each.id != row.zone_id)
    kinds = {name for name, _value in _conditions(row.rule)}
    return Door(
        row.id,
        place,
        zones[row.zone_id],
        facts,
        others,
        needs_seats="holds_seat" in kinds,
        needs_add_ons="add_on" in kinds,
        required_add_ons=tuple(list_required_add_ons(row.rule)),
    )


def name_required_add_ons(edition_id: int, facts: Mapping[str, CheckpointFacts]) -> dict[str, dict[str, str]]:
    """Return the names of the add-ons that the rules of checkpoints ask for, by code."""
    asked = {code for each in facts.values() for code in list_required_add_ons(each["rule"])}
    return {code: name for code, name in name_add_ons(edition_id).items() if code in asked} if asked else {}


def _groups(zones: dict[int, DoorZone]) -> dict[int, tuple[int, ...]]:
    members: dict[str, list[int]] = {}
    for zone in zones.values():
        if zone.exclusive_group is not None:
            members.setdefault(zone.exclusive_group, []).append(zone.id)
    return {
        zone.id: tuple(sorted(members[zone.exclusive_group])) if zone.exclusive_group else (zone.id,)
        for zone in zones.values()
    }


def _zones_named(rule: Rule | None) -> frozenset[str]:
    """Return the codes of the other zones in which a rule needs to know whether somebody is inside."""
    return frozenset(value for name, value in _conditions(rule) if name == "inside")


def _conditions(rule: Rule | None) -> Iterator[tuple[str, Any]]:
    for name, value in (rule or {}).items():
        if name in ("all", "any"):
            for each in value:
                yield from _conditions(each)
        elif name == "not":
            yield from _conditions(value)
        else:
            yield name, value
