"""The signed-in attendee's scheduled meetings, and where they are on the map. They are never part of a shared page.

Tables for meetings are shown to those whose meeting is there, and to organizers.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from expo.accounts.rules import Permission
from expo.editions.queries import EditionFacts
from expo.exhibitors.queries import BoothRow, HallPlan
from expo.exhibitors.rules import read_structures
from expo.infra.clock import utcnow
from expo.meetings.queries import MeetingRow, TableRow, list_scheduled, list_tables
from expo.meetings.rules import PlaceKind, Side
from expo.pure.plane import Point
from expo.web.kit.access import current_actor
from expo.web.kit.own_schedule import find_own_attendee
from expo.web.public.map_data import VenueMap
from expo.web.public.map_routes import NamedStop, name_booth, name_table

# The share of a booth's depth by which a pin reaches into it.
EDGE = 0.15


@dataclass(frozen=True)
class OwnMeeting:
    """A meeting with the hall and booth that it is in, and its point on the plan, as far as they are drawn."""

    row: MeetingRow
    # Whom one meets.
    names: tuple[str, ...]
    # Whether they take part for themselves; otherwise they represent a company.
    is_own: bool = True
    plan: HallPlan | None = None
    booth: BoothRow | None = None
    point: Point | None = None
    # The end of the way there.
    stop: NamedStop | None = None


@dataclass(frozen=True)
class Pin:
    """A point of the plan where one or more own meetings are held."""

    point: Point
    booth: BoothRow | None
    meetings: tuple[OwnMeeting, ...]


def list_own_meetings(edition: EditionFacts, venue: VenueMap) -> list[OwnMeeting]:
    """Return the coming meetings of the signed-in attendee with a place in the venue; none for everybody else."""
    attendee = find_own_attendee()
    if attendee is None:
        return []
    rows = [row for row in list_scheduled(edition.id, attendee.id, utcnow()) if not row.is_virtual]
    tables = {each.id: each for each in list_tables(edition.id)} if any(row.table_id for row in rows) else {}
    return [_locate(venue, _describe(row, attendee.id), tables.get(row.table_id or 0)) for row in rows]


def pin_meetings(meetings: Sequence[OwnMeeting], plan: HallPlan) -> list[Pin]:
    """Return the points of one hall where own meetings are held."""
    points: dict[Point, list[OwnMeeting]] = {}
    for each in meetings:
        if each.point is not None and each.plan is not None and each.plan.hall_id == plan.hall_id:
            points.setdefault(each.point, []).append(each)
    return [Pin(point, found[0].booth, tuple(found)) for point, found in points.items()]


def list_shown_tables(edition: EditionFacts) -> list[TableRow]:
    """Return the tables with a place on a plan, for organizers; nobody else sees more than those of own meetings."""
    if not current_actor().may(Permission.EXHIBITORS_READ, edition.id):
        return []
    return [each for each in list_tables(edition.id, only_active=True) if each.point]


def list_table_stops(edition: EditionFacts, venue: VenueMap) -> list[NamedStop]:
    """Return the tables that the signed-in person may be led to."""
    own = [each.stop for each in list_own_meetings(edition, venue) if each.stop and each.booth is None]
    plans = {plan.hall_id: plan for plan in venue.plans}
    shown = [
        name_table(venue, plans[table.hall_id], table.code, table.point)
        for table in list_shown_tables(edition)
        if table.hall_id in plans and table.point
    ]
    return [*own, *shown]


def _describe(row: MeetingRow, attendee_id: int) -> OwnMeeting:
    own = next((each for each in row.participants if each.attendee_id == attendee_id), None)
    return OwnMeeting(row, tuple(row.names_of(own.side.other if own else Side.GUEST)), own is not None)


def _locate(venue: VenueMap, meeting: OwnMeeting, table: TableRow | None) -> OwnMeeting:
    if meeting.row.place == PlaceKind.BOOTH:
        plan, booth = _find_booth(venue, meeting.row)
        return _at_booth(venue, meeting, plan, booth)
    plan = next((each for each in venue.plans if table is not None and each.hall_id == table.hall_id), None)
    return _locate_table(venue, meeting, plan, table) if plan is not None and table is not None else meeting


def _find_booth(venue: VenueMap, row: MeetingRow) -> tuple[HallPlan | None, BoothRow | None]:
    """Return the booth where a meeting is held: among those of the company the one that the meeting names."""
    for plan in venue.plans:
        for booth in venue.list_booths(plan):
            if booth.code == row.place_code and row.exhibitor_id in {each.id for each in booth.companies}:
                return plan, booth
    return None, None


def _locate_table(venue: VenueMap, meeting: OwnMeeting, plan: HallPlan, table: TableRow) -> OwnMeeting:
    """Return a meeting at a table with its point: its own place, or the booth or obstacle of this name.

    A company's table without any of these is at its booth.
    """
    point = table.point
    if point is not None and point[0] <= plan.width and point[1] <= plan.depth:
        return _at_table(venue, meeting, plan, table, point)
    booth = venue.find_booth(plan, table.code)
    if booth is None and table.exhibitor_id is not None:
        own_plan, own_booth = venue.places_of_companies.get(table.exhibitor_id, (None, None))
        booth = own_booth if own_plan is not None and own_plan.hall_id == plan.hall_id else None
    if booth is not None:
        return _at_booth(venue, meeting, plan, booth)
    wanted = table.code.casefold()
    for each in read_structures(plan.structures).obstacles:
        if each.label.casefold() == wanted:
            middle = (round(each.x + each.width / 2, 2), round(each.y + each.depth / 2, 2))
            return _at_table(venue, meeting, plan, table, middle)
    return replace(meeting, plan=plan)


def _at_table(venue: VenueMap, meeting: OwnMeeting, plan: HallPlan, table: TableRow, point: Point) -> OwnMeeting:
    return replace(meeting, plan=plan, point=point, stop=name_table(venue, plan, table.code, point))


def _at_booth(venue: VenueMap, meeting: OwnMeeting, plan: HallPlan | None, booth: BoothRow | None) -> OwnMeeting:
    stop = name_booth(venue, plan.code, booth.code) if plan is not None and booth is not None else None
    return replace(meeting, plan=plan, booth=booth, point=_top_of(booth), stop=stop)


def _top_of(booth: BoothRow | None) -> Point | None:
    """Return where a pin touches a booth: at the upper edge, so that it hides neither number nor name."""
    if booth is None or booth.place is None:
        return None
    box = booth.place.box
    return round(box.centre[0], 2), round(box.y + box.depth * EDGE, 2)
