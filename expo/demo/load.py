"""Loads the demo edition: an expo of three days that began yesterday, with everything a real one has.

The same seed and day give the same rows. Its signing key follows from the seed too, so that badges stay the same:
anybody can make badges of a demo, which is one more reason why it can never stand beside real data.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Table, delete, insert, select, text, update

from expo.accounts.models import Person
from expo.accounts.rules import SYSTEM, Role
from expo.accounts.services import ensure_person, grant_role, set_password
from expo.badges.models import Badge, SigningKey
from expo.badges.rules import badge_token
from expo.badges.services import SEAL
from expo.demo.arrivals import draw_order_times
from expo.demo.doors import load_doors
from expo.demo.drawing import DATA
from expo.demo.people import DemoPerson, generate_people
from expo.demo.program import load_program
from expo.demo.tickets import OFFERS, Offer, create_offers, create_quotas
from expo.editions.models import Edition
from expo.editions.queries import EditionFacts, get_edition
from expo.editions.services import create_edition, make_current
from expo.errors import Conflict
from expo.exhibitors.services import read_companies
from expo.flows.importing import import_exhibitors
from expo.infra.audit import AuditEntry
from expo.infra.db import atomic, db
from expo.infra.sealing import seal
from expo.matchmaking.models import AttendeeTopic
from expo.matchmaking.rules import topic_list
from expo.program.models import AgendaEntry, Session
from expo.pure.codes import ATTENDEE_CODE_LENGTH, ORDER_CODE_LENGTH, make_code
from expo.pure.tokens import new_key_pair, sign_token
from expo.registration.models import Attendee, Order
from expo.registration.services.orders import attendee_search_text
from expo.schema import metadata

ZONE = "Asia/Shanghai"
PASSWORD = "guiyang-demo-2027"  # noqa: S105 - shown to everybody on purpose
CHUNK = 2000
SALE_DAYS = 130
# Share of orders that end otherwise than confirmed.
CANCELLED_SHARE = 0.012
EXPIRED_SHARE = 0.008
UNPAID_SHARE = 0.06
AGENDA_SHARE = 0.35
STAFF = (
    ("organizer@demo.example", "陈思远", Role.ORGANIZER),
    ("program@demo.example", "Amélie Laurent", Role.PROGRAM_MANAGER),
    ("desk@demo.example", "王雨桐", Role.DESK),
    ("steward@demo.example", "Tanaka Yui", Role.STEWARD),
)

T = TypeVar("T")
# Told the name of a step and how far it is, 0 to 1.
Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class DemoFacts:
    """What was loaded."""

    attendees: int
    countries: int
    sessions: int
    exhibitors: int
    scans: int
    sign_ins: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class DemoAttendee:
    """A person with what the loader decided about them."""

    id: int
    person: DemoPerson
    offer: Offer
    state: str
    is_paid: bool


def load_demo(
    now: datetime,
    *,
    attendees: int,
    seed: int,
    schedule: bytes | None,
    exhibitors: bytes | None,
    replace_demo: bool,
    progress: Progress,
) -> DemoFacts:
    """Load the demo edition, all of it or nothing.

    Raises Conflict `demo_over_real_data` where an edition stands that is no demo, `demo_exists` where the demo is
    loaded and `replace_demo` is not asked, and BadFile for a schedule or list of companies that cannot be read.
    """
    rng = Random(seed)
    with atomic():
        _make_room(replace_demo=replace_demo)
        edition = _open_edition(now)
        progress("programme and exhibitors", 0.02)
        sessions = load_program(edition, schedule or (DATA / "schedule.xml").read_bytes(), now, rng)
        companies = read_companies(exhibitors or (DATA / "exhibitors.csv").read_bytes())
        import_exhibitors(SYSTEM, edition.id, companies, now)
        progress("people", 0.12)
        offers = create_offers(edition, now)
        people = list(generate_people(attendees, seed))
        loaded = _load_orders(edition, people, offers, now, rng, progress)
        progress("badges", 0.6)
        _load_badges(edition, loaded, seed, now, rng)
        progress("interests and schedules", 0.75)
        _load_interests(loaded)
        _load_agendas(edition, loaded, now, rng)
        progress("doors", 0.85)
        create_quotas(edition, now)
        scans = load_doors(edition, [(each.id, each.offer.code, each.state, each.is_paid) for each in loaded], now, rng)
        sign_ins = _load_staff(edition, now)
        progress("done", 1.0)
    return DemoFacts(
        attendees=len(loaded),
        countries=len({each.person.country for each in loaded}),
        sessions=sessions,
        exhibitors=len(companies.companies),
        scans=scans,
        sign_ins=sign_ins,
    )


def chunks(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    """Return the rows in parts that one statement takes."""
    for start in range(0, len(rows), CHUNK):
        yield rows[start : start + CHUNK]


def insert_all(model: Any, rows: Sequence[dict[str, Any]]) -> None:
    """Insert many rows in few statements."""
    table: Table = model.__table__
    for part in chunks(rows):
        db.session.execute(insert(table), list(part))


def _count_on_from(table: str, highest: int) -> None:
    """Let PostgreSQL count on behind ids that were given here; SQLite does so by itself."""
    if highest and db.engine.dialect.name == "postgresql":
        db.session.execute(
            text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :highest)"),
            {"name": f'"{table}"', "highest": highest},
        )


def _make_room(*, replace_demo: bool) -> None:
    editions = db.session.scalars(select(Edition)).all()
    if any(not edition.is_demo for edition in editions):
        raise Conflict("demo_over_real_data")
    if editions and not replace_demo:
        raise Conflict("demo_exists")
    if editions:
        for table in reversed(metadata.sorted_tables):
            db.session.execute(delete(table))


def _open_edition(now: datetime) -> EditionFacts:
    """Open the demo: its first day was yesterday, so that there is a day to look back on and one to live."""
    first_day = now.astimezone(ZoneInfo(ZONE)).date() - timedelta(days=1)
    edition_id = create_edition(
        SYSTEM,
        slug="demo",
        title={"en": "Big Data Expo Guiyang", "zh": "贵阳数博会", "ar": "معرض البيانات الضخمة قوييانغ"},
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
        languages=["en", "zh", "ar"],
        contact_email="hello@demo.example",
        is_demo=True,
        now=now,
    )
    make_current(SYSTEM, edition_id, now)
    return get_edition(edition_id)


def _load_orders(
    edition: EditionFacts,
    people: Sequence[DemoPerson],
    offers: dict[str, int],
    now: datetime,
    rng: Random,
    progress: Progress,
) -> list[DemoAttendee]:
    """Insert accounts, orders and attendees; colleagues come in one order."""
    groups = list(_group(people, rng))
    times = draw_order_times(len(groups), now - timedelta(days=SALE_DAYS), now - timedelta(minutes=5), rng)
    insert_all(Person, [_account(person, now) for person in people])
    ids = {row.email: row.id for row in db.session.execute(select(Person.email, Person.id))}
    orders: list[dict[str, Any]] = []
    rows: list[dict[str, Any]] = []
    loaded: list[DemoAttendee] = []
    codes: set[str] = set()
    for number, (group, ordered_at) in enumerate(zip(groups, times, strict=True), start=1):
        order, members = _order(edition, number, group, ordered_at, now, ids, offers, rng, codes)
        orders.append(order)
        for row, attendee in members:
            row["id"] = len(rows) + 1
            rows.append(row)
            loaded.append(replace(attendee, id=row["id"]))
    insert_all(Order, orders)
    for done, part in enumerate(chunks(rows)):
        insert_all(Attendee, part)
        progress("people", 0.2 + 0.4 * (done + 1) * CHUNK / max(len(rows), CHUNK))
    _count_on_from("order", len(orders))
    _count_on_from("attendee", len(rows))
    insert_all(AuditEntry, [_placed(edition, order) for order in orders])
    return loaded


def _group(people: Sequence[DemoPerson], rng: Random) -> Iterator[list[DemoPerson]]:
    """Return who registers together: about a third come with colleagues, at most six in one order."""
    by_company: dict[str, list[DemoPerson]] = {}
    order: list[list[DemoPerson]] = []
    for person in people:
        waiting = by_company.get(person.company) if person.company else None
        if waiting is not None and len(waiting) < 6 and rng.random() < 0.55:  # noqa: PLR2004 - a car full
            waiting.append(person)
            continue
        group = [person]
        order.append(group)
        if person.company:
            by_company[person.company] = group
    rng.shuffle(order)
    yield from order


def _account(person: DemoPerson, now: datetime) -> dict[str, Any]:
    return {
        "email": person.email,
        "name": person.name,
        "language": _page_language(person.language),
        "is_admin": False,
        "sign_in_count": 0,
        "link_version": 0,
        "created_at": now,
        "verified_at": now,
    }


def _page_language(tag: str) -> str:
    code = tag.split("-", maxsplit=1)[0]
    return code if code in ("zh", "ar") else "en"


def _order(
    edition: EditionFacts,
    number: int,
    group: Sequence[DemoPerson],
    ordered_at: datetime,
    now: datetime,
    ids: dict[str, int],
    offers: dict[str, int],
    rng: Random,
    codes: set[str],
) -> tuple[dict[str, Any], list[tuple[dict[str, Any], DemoAttendee]]]:
    state = _order_state(ordered_at, now, rng)
    chosen = [_choose_offer(rng) for _ in group]
    total = sum(offer.price_cents for offer in chosen)
    is_paid = total == 0 or (state == "confirmed" and rng.random() > UNPAID_SHARE)
    code = _new_code(ORDER_CODE_LENGTH, rng, codes)
    order = {
        "id": number,
        "edition_id": edition.id,
        "code": code,
        "person_id": ids[group[0].email],
        "email": group[0].email,
        "language": _page_language(group[0].language),
        "state": state,
        "total_cents": total,
        "currency": edition.currency,
        "paid_at": ordered_at + timedelta(hours=rng.randint(1, 60)) if is_paid and total else None,
        "source": "demo",
        "client_key": None,
        "terms_version": "demo",
        "created_at": ordered_at,
        "confirmed_at": ordered_at + timedelta(minutes=rng.randint(1, 90)) if state == "confirmed" else None,
        "expires_at": ordered_at + timedelta(hours=48) if state == "unconfirmed" else None,
    }
    members = []
    for position, (person, offer) in enumerate(zip(group, chosen, strict=True), start=1):
        attendee_state = _attendee_state(state, offer, ordered_at, now, rng)
        attendee_code = _new_code(ATTENDEE_CODE_LENGTH, rng, codes)
        latin = person.latin_name or ""
        row = {
            "edition_id": edition.id,
            "order_id": number,
            "position": position,
            "code": attendee_code,
            "ticket_type_id": offers[offer.code],
            "person_id": ids[person.email],
            "name": person.name,
            "latin_name": latin,
            "email": person.email,
            "country": person.country,
            "company": person.company,
            "job_title": person.job_title,
            "language": _page_language(person.language),
            "state": attendee_state,
            "search_text": attendee_search_text(person.name, latin, person.company, person.email, attendee_code, code),
            "created_at": ordered_at,
            "updated_at": ordered_at,
        }
        members.append((row, DemoAttendee(0, person, offer, attendee_state, is_paid)))
    return order, members


def _order_state(ordered_at: datetime, now: datetime, rng: Random) -> str:
    draw = rng.random()
    if now - ordered_at < timedelta(hours=40) and draw < 0.25:  # noqa: PLR2004 - letters not opened yet
        return "unconfirmed"
    if draw > 1 - CANCELLED_SHARE:
        return "cancelled"
    if draw > 1 - CANCELLED_SHARE - EXPIRED_SHARE and now - ordered_at > timedelta(hours=50):
        return "expired"
    return "confirmed"


def _attendee_state(order_state: str, offer: Offer, ordered_at: datetime, now: datetime, rng: Random) -> str:
    if order_state != "confirmed":
        return order_state
    is_recent = now - ordered_at < timedelta(days=9)
    return "awaiting_approval" if offer.requires_approval and is_recent and rng.random() < 0.5 else "confirmed"  # noqa: PLR2004


def _choose_offer(rng: Random) -> Offer:
    return rng.choices(OFFERS, [offer.share for offer in OFFERS])[0]


def _new_code(length: int, rng: Random, taken: set[str]) -> str:
    code = make_code(length, rng.choice)
    while code in taken:
        code = make_code(length, rng.choice)
    taken.add(code)
    return code


def _placed(edition: EditionFacts, order: dict[str, Any]) -> dict[str, Any]:
    return {
        "at": order["created_at"],
        "edition_id": edition.id,
        "actor_kind": "person",
        "actor_id": order["person_id"],
        "action": "registration.place_order",
        "subject": "order",
        "subject_id": order["id"],
        "details": {"source": "demo"},
    }


def _load_badges(edition: EditionFacts, loaded: Sequence[DemoAttendee], seed: int, now: datetime, rng: Random) -> None:
    private, public = new_key_pair(hashlib.sha256(f"expo demo {seed}".encode()).digest())
    insert_all(
        SigningKey,
        [
            {
                "edition_id": edition.id,
                "key_id": 0,
                "public_key": public,
                "encrypted_private_key": seal(SEAL, private),
                "created_at": now,
                "retired_at": None,
                "distrusted_at": None,
            }
        ],
    )
    confirmed = [each for each in loaded if each.state == "confirmed"]
    serials = rng.sample(range(1, 2**32), len(confirmed))
    insert_all(
        Badge,
        [
            {
                "edition_id": edition.id,
                "attendee_id": each.id,
                "serial": serial,
                "issue": 1,
                "token": sign_token(
                    badge_token(
                        key_id=0,
                        edition_number=edition.number,
                        first_day=edition.starts_on,
                        serial=serial,
                        ticket_type_number=each.offer.number,
                        issue=1,
                        valid_from=edition.starts_on,
                        valid_days=len(edition.days),
                    ),
                    private,
                ),
                "issued_at": now,
                "revoked_at": None,
            }
            for each, serial in zip(confirmed, serials, strict=True)
        ],
    )


def _load_interests(loaded: Sequence[DemoAttendee]) -> None:
    known = topic_list().codes
    insert_all(
        AttendeeTopic,
        [
            {"attendee_id": each.id, "topic": topic}
            for each in loaded
            for topic in dict.fromkeys(each.person.interests)
            if topic in known
        ],
    )


def _load_agendas(edition: EditionFacts, loaded: Sequence[DemoAttendee], now: datetime, rng: Random) -> None:
    """Let a third of the people choose sessions: a few are wanted by many, most by some."""
    sessions = list(db.session.scalars(select(Session.id).where(Session.edition_id == edition.id).order_by(Session.id)))
    if not sessions:
        return
    rng.shuffle(sessions)
    weights = [1 / (rank + 8) ** 0.7 for rank in range(len(sessions))]
    rows = []
    for each in loaded:
        if each.state == "confirmed" and rng.random() < AGENDA_SHARE:
            wanted = set(rng.choices(sessions, weights, k=rng.randint(2, 7)))
            rows += [{"attendee_id": each.id, "session_id": chosen, "added_at": now} for chosen in sorted(wanted)]
    insert_all(AgendaEntry, rows)


def _load_staff(edition: EditionFacts, now: datetime) -> tuple[tuple[str, str], ...]:
    """Make the people who can sign in, and return who they are."""
    sign_ins = []
    for email, name, role in STAFF:
        person_id = ensure_person(email, name, "en", now)
        grant_role(SYSTEM, edition.id, person_id, role, now)
        set_password(SYSTEM, person_id, PASSWORD, now)
        sign_ins.append((role.value, email))
    first = db.session.execute(
        select(Attendee.person_id, Attendee.email)
        .where(Attendee.edition_id == edition.id, Attendee.state == "confirmed")
        .order_by(Attendee.id)
        .limit(1)
    ).one_or_none()
    if first is not None:
        set_password(SYSTEM, first.person_id, PASSWORD, now)
        sign_ins.append(("attendee", first.email))
    db.session.execute(update(Edition).where(Edition.id == edition.id).values(accent_color="#0f766e"))
    return tuple(sign_ins)
