"""The organizers' report on exhibitors: meetings, unmet demand, empty booths, visits by hall and their spread."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select

from expo.accounts.rules import Actor, Permission, require
from expo.checkin.models import Checkpoint, Scan
from expo.checkin.queries.arrivals import is_admitted
from expo.checkin.rules import Direction
from expo.editions.models import Hall
from expo.editions.queries import EditionFacts
from expo.exhibitors.models import Booth, Exhibitor, ExhibitorBooth, ExhibitorTopic
from expo.exhibitors.queries import is_listed, list_topics
from expo.exhibitors.rules import BoothState, TopicKind, state_at
from expo.infra.db import db
from expo.leads.models import LeadScan
from expo.meetings.models import Meeting
from expo.meetings.queries import count_by_state, rate_meetings
from expo.meetings.rules import MeetingState
from expo.profiles.models import AttendeeTopic
from expo.pure.shares import gini_of, share_of_largest
from expo.registration.models import Attendee
from expo.registration.rules import HOLDING_STATES
from expo.reports.company_counts import CompanyCounts, is_kept_visit, list_company_counts
from expo.reports.exhibitor_report import AGREED_STATES, acceptance_of

# Of the companies with the most and the fewest visits, and of topics.
MAX_LISTED = 15
LARGEST_PART = 0.1


@dataclass(frozen=True)
class TopicDemand:
    """A topic that attendees or companies seek; `offers` counts the companies that offer it or a subtopic of it."""

    topic: str
    attendees: int
    companies: int
    offers: int

    @property
    def sought(self) -> int:
        """How many seek it."""
        return self.attendees + self.companies


@dataclass(frozen=True)
class HallLine:
    """A hall: its booths, those without a company, entries at its checkpoints, and visits at its booths.

    Entries and people count groups with all their members.
    """

    name: dict[str, str] | None
    booths: int
    empty: tuple[str, ...]
    held: int
    entries: int
    people: int
    visits: int


@dataclass(frozen=True)
class Fairness:
    """How evenly something is shared among the companies: the Gini coefficient, and the share of the largest tenth."""

    gini: float
    share_of_largest: float
    without: int


@dataclass(frozen=True)
class ExpoReport:
    """The report of an edition. `rating` is how good meetings were on average, out of `ratings`."""

    at: datetime
    states: dict[MeetingState, int]
    acceptance: float | None
    ratings: int
    rating: float | None
    meetings_by_hour: list[tuple[int, int]]
    companies: list[CompanyCounts]
    views: Fairness
    visits: Fairness
    demand: list[TopicDemand]
    halls: list[HallLine]

    @property
    def requests(self) -> int:
        """How many meetings were ever requested."""
        return sum(self.states.values())

    @property
    def matches(self) -> int:
        """How many of them both sides agreed to and did not cancel."""
        return sum(self.states.get(each, 0) for each in AGREED_STATES)

    @property
    def unmet(self) -> list[TopicDemand]:
        """The topics that somebody seeks and no company offers, the most sought first."""
        return [each for each in self.demand if not each.offers]

    @property
    def most_visited(self) -> list[CompanyCounts]:
        """The companies with the most visits."""
        return sorted(self.companies, key=lambda each: (-each.visits, -each.views, each.name))[:MAX_LISTED]

    @property
    def least_visited(self) -> list[CompanyCounts]:
        """The companies with the fewest visits."""
        return sorted(self.companies, key=lambda each: (each.visits, each.views, each.name))[:MAX_LISTED]


def get_expo_report(actor: Actor, edition: EditionFacts, now: datetime) -> ExpoReport:
    """Return the report of an edition, for anyone who may see its exhibitors or its statistics."""
    if not actor.may(Permission.REPORTS_READ, edition.id):
        require(actor, Permission.EXHIBITORS_READ, edition.id)
    companies = list_company_counts(edition.id)
    states = count_by_state(edition.id)
    ratings, rating = rate_meetings(edition.id)
    return ExpoReport(
        at=now,
        states=states,
        acceptance=acceptance_of(states),
        ratings=ratings,
        rating=rating,
        meetings_by_hour=_count_meetings_by_hour(edition),
        companies=companies,
        views=_rate([each.views for each in companies]),
        visits=_rate([each.visits for each in companies]),
        demand=_list_demand(edition.id),
        halls=_list_halls(edition.id, now),
    )


def _rate(counts: list[int]) -> Fairness:
    return Fairness(gini_of(counts), share_of_largest(counts, LARGEST_PART), counts.count(0))


def _count_meetings_by_hour(edition: EditionFacts) -> list[tuple[int, int]]:
    """Return how many agreed meetings begin in each hour of the day, from the first to the last with any."""
    moments = db.session.scalars(
        select(Meeting.starts_at).where(
            Meeting.edition_id == edition.id,
            Meeting.state.in_([each.value for each in AGREED_STATES]),
            Meeting.starts_at.is_not(None),
        )
    )
    counts = Counter(each.astimezone(edition.zone).hour for each in moments if each is not None)
    return [(hour, counts[hour]) for hour in range(min(counts), max(counts) + 1)] if counts else []


def _list_demand(edition_id: int) -> list[TopicDemand]:
    """Return the topics that anybody seeks: those that no company offers first, then the most sought per offer."""
    sought_by_attendees = (
        select(AttendeeTopic.topic, func.count())
        .join(Attendee, Attendee.id == AttendeeTopic.attendee_id)
        .where(
            Attendee.edition_id == edition_id,
            Attendee.state.in_([each.value for each in HOLDING_STATES]),
            AttendeeTopic.kind == TopicKind.SEEKS.value,
        )
        .group_by(AttendeeTopic.topic)
    )
    attendees = {row[0]: row[1] for row in db.session.execute(sought_by_attendees)}
    companies: dict[TopicKind, dict[str, set[int]]] = {kind: defaultdict(set) for kind in TopicKind}
    topics = list_topics(edition_id)
    for kind, topic, exhibitor_id in db.session.execute(
        select(ExhibitorTopic.kind, ExhibitorTopic.topic, ExhibitorTopic.exhibitor_id)
        .join(Exhibitor, Exhibitor.id == ExhibitorTopic.exhibitor_id)
        .where(is_listed(edition_id))
    ):
        companies[TopicKind(kind)][topic].add(exhibitor_id)
        above = topics.by_code[topic].parent if topic in topics.by_code else ""
        if above and kind == TopicKind.OFFERS.value:
            companies[TopicKind.OFFERS][above].add(exhibitor_id)
    sought = [
        TopicDemand(
            code,
            attendees.get(code, 0),
            len(companies[TopicKind.SEEKS].get(code, ())),
            len(companies[TopicKind.OFFERS].get(code, ())),
        )
        for code in topics.by_code
    ]
    return sorted(
        (each for each in sought if each.sought), key=lambda each: (each.offers > 0, -each.sought / (each.offers or 1))
    )


def _list_halls(edition_id: int, now: datetime) -> list[HallLine]:
    """Return the halls that have booths, checkpoints or visits; the last line is of booths without a hall."""
    halls = db.session.execute(
        select(Hall.id, Hall.name).where(Hall.edition_id == edition_id).order_by(Hall.position, Hall.id)
    ).all()
    booths: dict[int | None, list[tuple[str, BoothState, bool]]] = defaultdict(list)
    taken = exists().where(ExhibitorBooth.booth_id == Booth.id)
    for hall_id, code, state, held_until, is_taken in db.session.execute(
        select(Booth.hall_id, Booth.code, Booth.state, Booth.held_until, taken)
        .where(Booth.edition_id == edition_id)
        .order_by(Booth.code)
    ):
        booths[hall_id].append((code, state_at(state, held_until, now), is_taken))
    badges = (
        select(Checkpoint.hall_id, func.sum(Scan.party).label("entries"), func.max(Scan.party).label("people"))
        .join(Checkpoint, Checkpoint.id == Scan.checkpoint_id)
        .where(Checkpoint.edition_id == edition_id, Checkpoint.hall_id.is_not(None), *is_admitted(Direction.ENTRY))
        .group_by(Checkpoint.hall_id, Scan.attendee_id)
        .subquery()
    )
    entries = {
        hall_id: (int(count), int(people))
        for hall_id, count, people in db.session.execute(
            select(badges.c.hall_id, func.sum(badges.c.entries), func.sum(badges.c.people)).group_by(badges.c.hall_id)
        )
    }
    visits = _count_visits_by_hall(edition_id)
    lines = [
        _hall_line(name, booths[hall_id], entries.get(hall_id, (0, 0)), visits[hall_id])
        for hall_id, name in [*halls, (None, None)]
    ]
    return [each for each in lines if each.booths or each.entries or each.visits]


def _hall_line(
    name: dict[str, str] | None, booths: list[tuple[str, BoothState, bool]], entries: tuple[int, int], visits: int
) -> HallLine:
    empty = [(code, state) for code, state, is_taken in booths if not is_taken and state is not BoothState.SOLD]
    return HallLine(
        name=name,
        booths=len(booths),
        empty=tuple(code for code, _ in empty),
        held=sum(state is BoothState.HELD for _, state in empty),
        entries=entries[0],
        people=entries[1],
        visits=visits,
    )


def _count_visits_by_hall(edition_id: int) -> Counter[int | None]:
    """Return the visits at booths by hall. A company in several halls counts for that of its first booth."""
    first: dict[int, int | None] = {}
    for exhibitor_id, hall_id in db.session.execute(
        select(ExhibitorBooth.exhibitor_id, Booth.hall_id)
        .join(Booth, Booth.id == ExhibitorBooth.booth_id)
        .where(Booth.edition_id == edition_id)
        .order_by(ExhibitorBooth.position, Booth.id)
    ):
        first.setdefault(exhibitor_id, hall_id)
    counts: Counter[int | None] = Counter()
    for exhibitor_id, count in db.session.execute(
        select(LeadScan.exhibitor_id, func.count())
        .join(Exhibitor, Exhibitor.id == LeadScan.exhibitor_id)
        .where(Exhibitor.edition_id == edition_id, is_kept_visit())
        .group_by(LeadScan.exhibitor_id)
    ):
        counts[first.get(exhibitor_id)] += count
    return counts
