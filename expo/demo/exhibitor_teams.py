"""The demo's packages, teams and applications: one company that can be signed in to, and applications to decide."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select

from expo.accounts.rules import SYSTEM, Actor
from expo.accounts.services import ensure_person
from expo.editions.queries import EditionFacts
from expo.exhibitors.models import Exhibitor, Package
from expo.exhibitors.rules import ApplicationRequest, MemberRole, PackageRequest, WindowRequest
from expo.exhibitors.services import (
    add_first_owner,
    add_invitation,
    ask_applicant,
    create_package,
    send_application,
    set_window,
)
from expo.infra.db import db
from expo.questions.rules import Field, FieldKind, Option
from expo.questions.services import add_field

EXHIBITOR_EMAIL = "exhibitor@demo.example"
TICKET_OF_PASSES = "exhibitor"
PACKAGES = (
    PackageRequest({"en": "Basic", "zh": "标准套餐"}, {}, 9, 3, 0, 1, 18_000_00, "", None),
    PackageRequest({"en": "Premium", "zh": "高级套餐"}, {}, 36, 10, 2, 5, 72_000_00, "", 300),
    PackageRequest({"en": "Partner", "zh": "合作伙伴套餐"}, {}, 108, 30, 6, 20, 260_000_00, "", 30),
)
APPLICATIONS = (
    ("黔南智算科技", "周婷", "CN", "zh", "面向县域政务的智能计算平台", "premium"),
    ("Nordlys Analytics", "Ingrid Solberg", "NO", "en", "Forecasts for wind farms from satellite data", "basic"),
    ("Sahara Cloud", "Youssef Amrani", "MA", "en", "A cloud that runs on solar power", ""),
)


def load_exhibitor_teams(edition: EditionFacts, now: datetime, rng: Random) -> int:
    """Give companies packages, one a team, and some apply; return the person who owns a company."""
    for each in PACKAGES:
        create_package(SYSTEM, edition.id, replace(each, pass_ticket=TICKET_OF_PASSES), now)
    _assign_packages(edition, rng)
    owner_id = _make_team(edition, now)
    _make_applications(edition, now)
    return owner_id


def _assign_packages(edition: EditionFacts, rng: Random) -> None:
    packages = list(db.session.scalars(select(Package).where(Package.edition_id == edition.id).order_by(Package.id)))
    companies = db.session.scalars(select(Exhibitor).where(Exhibitor.edition_id == edition.id).order_by(Exhibitor.id))
    for company in companies:
        basic, premium, partner = packages
        share = rng.random()
        package = partner if share > 0.98 and partner.taken < 20 else premium if share > 0.8 else basic  # noqa: PLR2004
        if package.size is not None and package.taken >= package.size:
            package = basic
        company.package_id = package.id
        package.taken += 1
    db.session.flush()


def _make_team(edition: EditionFacts, now: datetime) -> int:
    company = db.session.scalars(
        select(Exhibitor).where(Exhibitor.edition_id == edition.id).order_by(Exhibitor.id).limit(1)
    ).one()
    joined = now - timedelta(days=60)
    owner_id = ensure_person(EXHIBITOR_EMAIL, "吴丽华", "zh", joined)
    add_first_owner(company.id, owner_id, EXHIBITOR_EMAIL, "吴丽华", "zh", joined)
    add_invitation(SYSTEM, edition.id, company.slug, "colleague@demo.example", "陈浩", MemberRole.EDITOR, "zh", joined)
    return owner_id


def _make_applications(edition: EditionFacts, now: datetime) -> None:
    introduction = {
        "en": "Show your products to 20,000 visitors from industry, research and government.",
        "zh": "向来自产业界、学术界和政府部门的两万名观众展示您的产品。",
    }
    form_id = set_window(SYSTEM, edition.id, WindowRequest(is_open=True, introduction=introduction), now)
    options = (Option("new", {"en": "No", "zh": "否"}), Option("again", {"en": "Yes", "zh": "是"}))
    field = Field(
        "exhibited", FieldKind.SINGLE_CHOICE, {"en": "Have you exhibited here before?", "zh": "您以前参加过展会吗？"},
        options=options,
    )  # fmt: skip
    add_field(SYSTEM, edition.id, form_id, field, now)
    for number, (company, name, country, language, shows, package) in enumerate(APPLICATIONS):
        sent_at = now - timedelta(days=3 - number)
        person = Actor("person", ensure_person(f"applicant{number + 1}@demo.example", name, language, sent_at))
        request = ApplicationRequest(company, name, country, description=shows, package=package)
        sent = send_application(person, edition.id, request, {"exhibited": "new"}, language, sent_at)
        if number == 1:
            ask_applicant(SYSTEM, edition.id, sent.slug, "Would you share a booth with another company?", sent_at)
