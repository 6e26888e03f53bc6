"""Loads the demo edition: a three-day expo that started yesterday, with everything that a real one has.

The same seed and moment produce the same rows in every empty database; on another day only the dates differ. The
signing key is derived from the seed too, so that badges stay the same. Anybody can therefore forge badges of a demo,
which is one more reason why it must never coexist with real data. (The one difference: the key is encrypted with the
installation's secret.)
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select, update

from expo.accounts.models import Person
from expo.accounts.rules import SYSTEM, Actor, Role, permissions_of
from expo.demo.add_ons import create_add_on_quotas, create_add_ons, create_dinner_checkpoint
from expo.demo.badges import load_badges
from expo.demo.company_pages import load_company_pages
from expo.demo.company_tasks import load_company_tasks
from expo.demo.desk import PIN, load_desk
from expo.demo.doors import load_doors
from expo.demo.drawing import DATA
from expo.demo.emails import load_emails
from expo.demo.exhibitors import create_categories
from expo.demo.feedback import load_feedback
from expo.demo.floor_plan import load_floor_plans
from expo.demo.interests import load_agendas, load_interests
from expo.demo.leads import load_leads
from expo.demo.meetings import load_meetings
from expo.demo.orders import DemoAttendee, load_orders
from expo.demo.people import generate_people
from expo.demo.profiles import load_profiles
from expo.demo.program import load_program
from expo.demo.proposals import load_proposals
from expo.demo.reviews import load_reviews
from expo.demo.seats import load_seats
from expo.demo.staff import ATTENDEE_EMAIL, STAFF, assign_attendee_email, load_staff, set_passwords
from expo.demo.teams import EXHIBITOR_EMAIL, load_applications, load_packages, load_teams
from expo.demo.tickets import Choices, create_offers, create_quotas, sale_windows
from expo.demo.timetable import load_timetable
from expo.demo.venue import assign_booths, assign_rooms, create_halls
from expo.demo.visits import load_visits
from expo.editions.models import Edition
from expo.editions.queries import EditionFacts, get_edition
from expo.editions.services import create_edition, increment_content_version, make_current
from expo.errors import Conflict
from expo.exhibitors.rules import read_companies
from expo.flows.alarms import check_alarms
from expo.flows.exhibitor_import import import_exhibitors
from expo.infra.db import atomic, db
from expo.schema import metadata

ZONE = "Asia/Shanghai"
# Called with the progress of loading, from 0 to 1.
Progress = Callable[[float], None]


@dataclass(frozen=True)
class DemoFacts:
    """What was loaded. `sign_ins` lists role and address of each person who has the demo's password."""

    attendees: int
    countries: int
    sessions: int
    exhibitors: int
    scans: int
    sign_ins: tuple[tuple[str, str], ...]
    kiosk_pin: str


def load_demo(
    now: datetime,
    *,
    attendees: int,
    seed: int,
    schedule: bytes | None = None,
    exhibitors: bytes | None = None,
    replace_demo: bool = False,
    progress: Progress = lambda _share: None,
) -> DemoFacts:
    """Load the demo edition, completely or not at all.

    Raises Conflict `demo_over_real_data` if there is an edition that is not a demo, `demo_exists` if the demo is
    already loaded and `replace_demo` is false, `rows_refused` for invalid companies, and BadFile for an unreadable
    schedule or list of companies.
    """
    rng = Random(seed)
    with atomic():
        _delete_old_demo(replace_demo=replace_demo)
        edition = _create_edition(now)
        create_halls(edition)
        sessions = load_program(edition, schedule, now, rng, seed)
        assign_rooms(edition, rng)
        progress(0.07)
        companies = read_companies(exhibitors or (DATA / "exhibitors.csv").read_bytes())
        if exhibitors is None:
            create_categories(edition)
            companies = replace(companies, companies=assign_booths(companies.companies, rng))
        import_exhibitors(SYSTEM, edition.id, companies, now)
        load_floor_plans(edition, now, Random(f"floor plan {seed}"))
        progress(0.15)
        people = list(generate_people(attendees, seed))
        progress(0.25)
        windows = sale_windows(edition, now)
        ticket_types = create_offers(edition, windows, now)
        add_ons = create_add_ons(edition, windows, now)
        loaded = load_orders(
            edition,
            people,
            ticket_types,
            add_ons,
            Choices(windows),
            now,
            rng,
            lambda share: progress(0.25 + 0.4 * share),
        )
        create_quotas(edition, now)
        create_add_on_quotas(edition, now)
        progress(0.7)
        badges = load_badges(edition, loaded, seed, rng)
        progress(0.8)
        load_interests(loaded)
        load_agendas(edition, loaded, now, rng)
        load_proposals(edition, loaded, now, Random(seed))
        load_seats(edition, now, Random(f"seats {seed}"))
        load_feedback(edition, now, Random(f"feedback {seed}"))
        progress(0.9)
        staff = load_staff(edition, now)
        organizer = Actor("person", staff[Role.ORGANIZER], edition.id, permissions_of(frozenset({Role.ORGANIZER})))
        load_timetable(edition, organizer, now, seed)
        load_reviews(edition, staff[Role.REVIEWER], now, Random(f"reviews {seed}"))
        exhibitor = _load_exhibitors(edition, loaded, now, seed)
        scans = load_doors(edition, ticket_types, loaded, badges, staff[Role.STEWARD], now, rng)
        create_dinner_checkpoint(edition, now)
        check_alarms(now)
        load_emails(edition, loaded)
        load_desk(edition, loaded, staff[Role.DESK], seed, now, Random(f"desk {seed}"))
        visitor = assign_attendee_email(loaded)
        set_passwords([*staff.values(), exhibitor, *([visitor] if visitor else [])], seed, now)
        progress(1.0)
    sign_ins = [*((role.value, email) for email, _, role in STAFF), (Role.EXHIBITOR.value, EXHIBITOR_EMAIL)]
    return DemoFacts(
        attendees=len(loaded),
        countries=len({each.person.country for each in loaded}),
        sessions=sessions,
        exhibitors=len(companies.companies),
        scans=scans,
        sign_ins=(*sign_ins, *([("attendee", ATTENDEE_EMAIL)] if visitor else [])),
        kiosk_pin=PIN,
    )


def _load_exhibitors(edition: EditionFacts, attendees: list[DemoAttendee], now: datetime, seed: int) -> int:
    """Load what companies and visitors do with each other; return the person who signs in for the first company."""
    load_packages(edition, now, Random(f"packages {seed}"))
    person_id = load_teams(edition, attendees, now, Random(f"teams {seed}"))
    load_company_pages(edition, seed, now, Random(f"pages {seed}"))
    load_company_tasks(edition, now, Random(f"tasks {seed}"))
    load_profiles(edition, attendees, now, Random(f"profiles {seed}"))
    load_visits(edition, attendees, now, Random(f"visits {seed}"))
    load_leads(edition, attendees, now, Random(f"leads {seed}"))
    load_meetings(edition, attendees, now, Random(f"meetings {seed}"))
    load_applications(edition, now)
    increment_content_version(edition.id, now)
    return person_id


def _delete_old_demo(*, replace_demo: bool) -> None:
    """Refuse to load over real data or twice; delete an old demo if requested."""
    editions = db.session.scalars(select(Edition)).all()
    if any(not edition.is_demo for edition in editions):
        raise Conflict("demo_over_real_data")
    if editions and not replace_demo:
        raise Conflict("demo_exists")
    if not editions:
        return
    for table in reversed(metadata.sorted_tables):
        # Administrators belong to the installation, not to the demo.
        is_kept = Person.__table__.c.is_admin if table is Person.__table__ else None
        db.session.execute(delete(table) if is_kept is None else delete(table).where(~is_kept))
    db.session.expire_all()


def _create_edition(now: datetime) -> EditionFacts:
    """Create the demo edition. It started yesterday, so that there is one past day and one current day."""
    first_day = now.astimezone(ZoneInfo(ZONE)).date() - timedelta(days=1)
    edition_id = create_edition(
        SYSTEM,
        slug="demo",
        title={
            "en": "China International Big Data Industry Expo (demo)",
            "zh": "中国国际大数据产业博览会（演示）",
            "ar": "معرض الصين الدولي لصناعة البيانات الضخمة (عرض تجريبي)",
        },
        tagline={
            "en": "Where data becomes industry: three days, hundreds of sessions, more than a thousand exhibitors.",
            "zh": "数聚产业：三天时间，数百场会议，上千家展商。",
            "ar": "حيث تصبح البيانات صناعة: ثلاثة أيام ومئات الجلسات وأكثر من ألف عارض.",
        },
        venue={
            "en": "Guiyang International Eco-Conference Center",
            "zh": "贵阳国际生态会议中心",
            "ar": "مركز قوييانغ الدولي للمؤتمرات البيئية",
        },
        city={"en": "Guiyang", "zh": "贵阳", "ar": "قوييانغ"},
        starts_on=first_day,
        ends_on=first_day + timedelta(days=2),
        time_zone=ZONE,
        languages=["en", "zh"],
        contact_email="hello@demo.example",
        is_demo=True,
        now=now,
    )
    db.session.execute(update(Edition).where(Edition.id == edition_id).values(accent_color="#0f766e"))
    make_current(SYSTEM, edition_id, now)
    return get_edition(edition_id)
