"""Reads of applications: whether companies can apply, and what they wrote."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select

from expo.accounts.models import Person
from expo.exhibitors.errors import ApplicationMissing
from expo.exhibitors.models import Application, ApplicationWindow, Exhibitor, Package
from expo.exhibitors.rules import ExhibitorState, WindowState, state_of_window
from expo.infra.db import db


@dataclass(frozen=True)
class WindowRow:
    """When companies can apply, and with which questions."""

    is_open: bool
    opens_at: datetime | None
    closes_at: datetime | None
    introduction: dict[str, str]
    form_id: int

    def state_at(self, now: datetime) -> WindowState:
        """Return whether companies can apply."""
        return state_of_window(self.opens_at, self.closes_at, now, is_open=self.is_open)


@dataclass(frozen=True)
class ApplicationRow:
    """An application with the company that it is about."""

    exhibitor_id: int
    slug: str
    company: str
    country: str
    website: str
    description: dict[str, str]
    state: ExhibitorState
    version: str
    person_id: int
    email: str
    contact_name: str
    phone: str
    package: str
    package_name: dict[str, str] | None
    language: str
    sheet_id: int | None
    submitted_at: datetime
    question: str
    asked_at: datetime | None
    reply: str
    replied_at: datetime | None
    reason: str
    decided_at: datetime | None

    @property
    def awaits_reply(self) -> bool:
        """Whether organizers asked something that the applicant has not answered."""
        return self.asked_at is not None and (self.replied_at is None or self.replied_at < self.asked_at)


def find_window(edition_id: int) -> WindowRow | None:
    """Return when companies can apply; None until organizers set it up."""
    row = db.session.get(ApplicationWindow, edition_id, populate_existing=True)
    if row is None:
        return None
    return WindowRow(row.is_open, row.opens_at, row.closes_at, row.introduction, row.form_id)


def count_applications(edition_id: int) -> int:
    """Return how many companies applied."""
    query = select(func.count()).select_from(Application).join(Exhibitor, Exhibitor.id == Application.exhibitor_id)
    return db.session.scalar(query.where(Exhibitor.edition_id == edition_id)) or 0


def list_applications(
    edition_id: int, state: ExhibitorState | None = None, limit: int | None = None, offset: int = 0
) -> list[ApplicationRow]:
    """Return applications: first those that await a decision, the oldest first; by default in every state."""
    query = _query(edition_id).order_by(
        Exhibitor.state != ExhibitorState.APPLIED.value, Application.submitted_at, Application.exhibitor_id
    )
    if state is not None:
        query = query.where(Exhibitor.state == state.value)
    query = query.limit(limit).offset(offset)
    return [_row(*each) for each in db.session.execute(query)]


def find_application(edition_id: int, slug: str) -> ApplicationRow | None:
    """Return the application of a company, if it applied."""
    row = db.session.execute(_query(edition_id).where(Exhibitor.slug == slug)).one_or_none()
    return _row(*row) if row is not None else None


def get_application(edition_id: int, slug: str) -> ApplicationRow:
    """Return the application of a company. Raises ApplicationMissing."""
    found = find_application(edition_id, slug)
    if found is None:
        raise ApplicationMissing
    return found


def _query(edition_id: int) -> Select[Application, Exhibitor, str, str | None, dict[str, str] | None]:
    return (
        select(Application, Exhibitor, Person.email, Package.slug, Package.name)
        .join(Exhibitor, Exhibitor.id == Application.exhibitor_id)
        .join(Person, Person.id == Application.person_id)
        .outerjoin(Package, Package.id == Application.package_id)
        .where(Exhibitor.edition_id == edition_id)
    )


def _row(
    application: Application,
    company: Exhibitor,
    email: str,
    package: str | None,
    package_name: dict[str, str] | None,
) -> ApplicationRow:
    return ApplicationRow(
        exhibitor_id=company.id,
        slug=company.slug,
        company=company.name,
        country=company.country,
        website=company.website,
        description=dict(company.description),
        state=ExhibitorState(company.state),
        version=str(company.version),
        person_id=application.person_id,
        email=email,
        contact_name=application.contact_name,
        phone=application.phone,
        package=package or "",
        package_name=package_name,
        language=application.language,
        sheet_id=application.sheet_id,
        submitted_at=application.submitted_at,
        question=application.question,
        asked_at=application.asked_at,
        reply=application.reply,
        replied_at=application.replied_at,
        reason=application.reason,
        decided_at=application.decided_at,
    )
