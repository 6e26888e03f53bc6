"""Who visited the demo's companies: views of their pages, and favourites. Some companies are far more popular."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from random import Random

from expo.demo.drawing import Weighted
from expo.demo.orders import DemoAttendee
from expo.demo.rows import insert_all
from expo.demo.teams import list_company_ids
from expo.editions.queries import EditionFacts
from expo.exhibitors.models import ExhibitorFavourite, PageView
from expo.exhibitors.rules import start_of_hour
from expo.registration.rules import AttendeeState

# For each attendee: views in all, and the share who have favourites, up to so many.
VIEWS_OF_ATTENDEE, FAVOURITES_SHARE, MAX_FAVOURITES = 4, 0.45, 8
VIEW_DAYS = 21
# The first company, where 1 is usual.
WELL_KNOWN = 6
OPENING = 9
# How many come in each hour from the opening.
HOURS = (6, 11, 14, 9, 7, 11, 13, 9, 4)


def draw_popularity(companies: Sequence[int], rng: Random) -> Weighted[int]:
    """Return the companies, each with a popularity of its own; the first, whose sign-in is published, is well known."""
    return Weighted(companies, [WELL_KNOWN, *(rng.lognormvariate(0, 0.9) for _ in companies[1:])])


def draw_visit_time(edition: EditionFacts, now: datetime, rng: Random) -> datetime:
    """Draw a time at which the expo was open, on the first day or today."""
    day = edition.starts_on + timedelta(days=rng.randrange(2))
    hour = rng.choices(range(len(HOURS)), HOURS)[0]
    opened_at = datetime.combine(day, time(OPENING), edition.zone).astimezone(now.tzinfo)
    at = opened_at + timedelta(hours=hour, minutes=rng.randrange(60), seconds=rng.randrange(60))
    return at if at < now else at - timedelta(days=1)


def load_visits(edition: EditionFacts, attendees: Sequence[DemoAttendee], now: datetime, rng: Random) -> None:
    """Insert page views of the last weeks, most of them during the expo, and favourites."""
    companies = list_company_ids(edition)
    popular = draw_popularity(companies, rng)
    views: Counter[tuple[int, datetime]] = Counter()
    for _ in range(VIEWS_OF_ATTENDEE * len(attendees)):
        at = draw_visit_time(edition, now, rng)
        if rng.random() < 0.5:  # noqa: PLR2004 - before the expo, on a sofa
            at -= timedelta(days=rng.randint(2, VIEW_DAYS))
        views[popular.draw(rng), start_of_hour(at, edition.zone)] += 1
    insert_all(
        PageView,
        [{"exhibitor_id": company_id, "hour_at": at, "count": count} for (company_id, at), count in views.items()],
    )
    rows = []
    for each in attendees:
        if each.state is not AttendeeState.CONFIRMED or rng.random() >= FAVOURITES_SHARE:
            continue
        chosen = {popular.draw(rng): None for _ in range(rng.randint(1, MAX_FAVOURITES))}
        rows += [
            {"attendee_id": each.id, "exhibitor_id": company_id, "added_at": now - timedelta(hours=rng.randint(1, 400))}
            for company_id in chosen
        ]
    insert_all(ExhibitorFavourite, rows)
