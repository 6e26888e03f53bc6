"""The demo's exhibitors behind the scenes: packages, teams with a sign-in, and applications that wait."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select, update

from expo.accounts.rules import SYSTEM, Actor
from expo.accounts.services import ensure_person
from expo.demo.orders import DemoAttendee
from expo.demo.rows import insert_all
from expo.editions.queries import EditionFacts
from expo.exhibitors.models import Exhibitor, Member, Package
from expo.exhibitors.rules import ApplicationRequest, MemberRole, MemberState, PackageRequest, WindowRequest
from expo.exhibitors.services import create_package, send_application, set_window
from expo.infra.db import db
from expo.registration.rules import AttendeeState

EXHIBITOR_EMAIL, EXHIBITOR_NAME = "exhibitor@demo.example", "赵明远"
PASS_TICKET = "exhibitor"  # noqa: S105 - a ticket type
# Names, share of companies, booth area, passes, tables, licences, and price in the minor unit.
PACKAGES = (
    ({"en": "Start-up", "zh": "初创"}, 0.3, 6, 3, 0, 2, 9_800_00),
    ({"en": "Standard", "zh": "标准"}, 0.5, 9, 5, 1, 5, 19_800_00),
    ({"en": "Premium", "zh": "尊享"}, 0.15, 36, 12, 2, 12, 68_000_00),
    ({"en": "Partner", "zh": "合作伙伴"}, 0.05, 72, 24, 4, 30, 168_000_00),
)
# How many members the teams have, and how often nobody of a team has a sign-in yet.
TEAM_SIZES, NO_TEAM_SHARE = (1, 1, 2, 3), 0.25
# Who applied, from where, and what they show; each in the language of the application.
APPLICATIONS = (
    ("黔数智能科技有限公司", "吴婷", "CN", "standard", "zh", "面向制造业的数据采集与质量预测平台。"),
    (
        "Nordlys Analytics",
        "Ingrid Dahl",
        "NO",
        "start-up",
        "en",
        "Load forecasts for power grids from weather data.",
    ),
    ("Sahara Data Cooperative", "Youssef Amrani", "MA", "start-up", "en", "Shared data spaces for farming."),
    ("乌江云计算中心", "罗建国", "CN", "premium", "zh", "绿色算力调度与东数西算节点服务。"),
    ("Andes Ledger", "Lucía Quispe", "PE", "standard", "en", "Traceability of minerals from mine to port."),
    ("Kirin Robotics Lab", "佐藤健一", "JP", "premium", "en", "Robots that sort and label warehouse goods."),
)


def load_packages(edition: EditionFacts, now: datetime, rng: Random) -> None:
    """Create the packages, and give each company one."""
    slugs = [
        create_package(
            SYSTEM,
            edition.id,
            PackageRequest(name, {}, area, passes, tables, licences, price, PASS_TICKET),
            now,
        )
        for name, _share, area, passes, tables, licences, price in PACKAGES
    ]
    query = select(Package.slug, Package.id).where(Package.edition_id == edition.id)
    ids = {row.slug: row.id for row in db.session.execute(query)}
    companies = list_company_ids(edition)
    shares = [each[1] for each in PACKAGES]
    chosen = dict(zip(companies, rng.choices([ids[slug] for slug in slugs], shares, k=len(companies)), strict=True))
    for package_id in ids.values():
        own = [company_id for company_id, each in chosen.items() if each == package_id]
        db.session.execute(update(Exhibitor).where(Exhibitor.id.in_(own)).values(package_id=package_id))
        db.session.execute(update(Package).where(Package.id == package_id).values(taken=len(own)))


def load_teams(edition: EditionFacts, attendees: Sequence[DemoAttendee], now: datetime, rng: Random) -> int:
    """Give companies teams of people with an exhibitor's ticket; return the person who signs in for the first one."""
    companies = list_company_ids(edition)
    person_id = ensure_person(EXHIBITOR_EMAIL, EXHIBITOR_NAME, "zh", now)
    free = [each for each in attendees if each.offer.code == PASS_TICKET and each.state is AttendeeState.CONFIRMED]
    rows = [_member(companies[0], EXHIBITOR_EMAIL, EXHIBITOR_NAME, MemberRole.OWNER, person_id, None, now)]
    for company_id in companies:
        if company_id != companies[0] and rng.random() < NO_TEAM_SHARE:
            continue
        for place in range(rng.choice(TEAM_SIZES)):
            if not free:
                break
            role = MemberRole.OWNER if not place and company_id != companies[0] else MemberRole.REPRESENTATIVE
            each = free.pop()
            rows.append(_member(company_id, each.person.email, each.person.name, role, each.person_id, each.id, now))
    _assign_licences(rows, now)
    insert_all(Member, rows)
    return person_id


def load_applications(edition: EditionFacts, now: datetime) -> None:
    """Open applications, and send some that wait for the organizers."""
    introduction = {
        "en": "Show what you build to 20,000 visitors. We answer within three working days.",
        "zh": "向两万名观众展示您的产品。我们将在三个工作日内回复。",
    }
    set_window(SYSTEM, edition.id, WindowRequest(is_open=True, introduction=introduction), now - timedelta(days=60))
    for place, (company, name, country, package, language, description) in enumerate(APPLICATIONS):
        at = now - timedelta(hours=7 + 19 * place)
        person_id = ensure_person(f"apply{place + 1}@applicant.example", name, language, at)
        send_application(
            Actor("person", person_id, edition.id),
            edition.id,
            ApplicationRequest(company, name, country, package=package, description=description),
            {},
            language,
            at,
        )


def list_company_ids(edition: EditionFacts) -> list[int]:
    """Return the companies in the order of their import."""
    query = select(Exhibitor.id).where(Exhibitor.edition_id == edition.id, Exhibitor.state == "approved")
    return list(db.session.scalars(query.order_by(Exhibitor.id)))


def _assign_licences(rows: Sequence[dict[str, object]], now: datetime) -> None:
    """Give the first members of each team the lead licences of its package."""
    query = select(Exhibitor.id, Package.lead_licences).join(Package, Package.id == Exhibitor.package_id)
    left = dict(db.session.execute(query).all())
    for row in rows:
        company_id = row["exhibitor_id"]
        if isinstance(company_id, int) and left.get(company_id, 0) > 0:
            left[company_id] -= 1
            row["licensed_at"] = now - timedelta(days=10)


def _member(
    company_id: int, email: str, name: str, role: MemberRole, person_id: int, attendee_id: int | None, now: datetime
) -> dict[str, object]:
    at = now - timedelta(days=40)
    return {
        "exhibitor_id": company_id,
        "email": email,
        "name": name,
        "role": role.value,
        "state": MemberState.ACTIVE.value,
        "language": "en",
        "person_id": person_id,
        "attendee_id": attendee_id,
        "former_ticket": "",
        "invited_at": at,
        "accepted_at": at + timedelta(hours=5),
        "licensed_at": None,
        "unlicensed_at": None,
    }
