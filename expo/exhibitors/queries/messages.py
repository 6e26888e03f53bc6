"""Reads of the messages between companies and organizers."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select

from expo.accounts.models import Person
from expo.editions.models import Hall
from expo.exhibitors.models import (
    Booth,
    Category,
    Exhibitor,
    ExhibitorBooth,
    ExhibitorCategory,
    Member,
    Message,
    Package,
)
from expo.exhibitors.queries.tasks import list_progress
from expo.exhibitors.rules import ROLE_ACTIONS, ExhibitorState, MemberRole, MemberState, TeamAction
from expo.exhibitors.rules.messages import MessageFilter
from expo.infra.db import db


@dataclass(frozen=True)
class MessageRow:
    """A message of a thread."""

    id: int
    is_from_organizers: bool
    author_name: str
    text: str
    sent_at: datetime
    read_at: datetime | None


@dataclass(frozen=True)
class ThreadRow:
    """A company's thread as organizers see it: when something was last written, and what is unread."""

    slug: str
    name: str
    last_at: datetime
    unread: int


@dataclass(frozen=True)
class Recipient:
    """A member of a company's team who receives its e-mails."""

    exhibitor_id: int
    slug: str
    company: str
    person_id: int
    email: str
    language: str


def list_messages(exhibitor_id: int) -> list[MessageRow]:
    """Return the messages of a company's thread, oldest first."""
    rows = db.session.execute(
        select(
            Message.id,
            Message.is_from_organizers,
            Message.author_name,
            Message.text,
            Message.sent_at,
            Message.read_at,
        )
        .where(Message.exhibitor_id == exhibitor_id)
        .order_by(Message.id)
    )
    return [MessageRow(*row) for row in rows]


def count_unread(exhibitor_id: int, *, from_organizers: bool) -> int:
    """Return how many messages of one side the other side has not opened."""
    query = select(func.count()).where(
        Message.exhibitor_id == exhibitor_id,
        Message.is_from_organizers.is_(from_organizers),
        Message.read_at.is_(None),
    )
    return db.session.scalar(query) or 0


def count_threads(edition_id: int) -> int:
    """Return how many companies of an edition have a thread."""
    has_messages = exists().where(Message.exhibitor_id == Exhibitor.id)
    query = select(func.count(Exhibitor.id)).where(Exhibitor.edition_id == edition_id, has_messages)
    return db.session.scalar(query) or 0


def list_threads(edition_id: int, limit: int | None = None, offset: int = 0) -> list[ThreadRow]:
    """Return the threads of an edition: those with unread messages from companies first, then the latest."""
    unread = func.count().filter(Message.is_from_organizers.is_(False), Message.read_at.is_(None))
    last_at = func.max(Message.sent_at)
    rows = db.session.execute(
        select(Exhibitor.slug, Exhibitor.name, last_at, unread)
        .join(Message, Message.exhibitor_id == Exhibitor.id)
        .where(Exhibitor.edition_id == edition_id)
        .group_by(Exhibitor.id)
        .order_by((unread > 0).desc(), last_at.desc(), func.max(Message.id).desc())
        .limit(limit)
        .offset(offset)
    )
    return [ThreadRow(*row) for row in rows]


def list_recipients(exhibitor_ids: list[int], act: TeamAction) -> list[Recipient]:
    """Return the active members of these companies whose role allows an act, with their addresses."""
    roles = [role.value for role in MemberRole if act in ROLE_ACTIONS[role]]
    rows = db.session.execute(
        select(Member.exhibitor_id, Exhibitor.slug, Exhibitor.name, Person.id, Person.email, Person.language)
        .join(Exhibitor, Exhibitor.id == Member.exhibitor_id)
        .join(Person, Person.id == Member.person_id)
        .where(
            Member.exhibitor_id.in_(exhibitor_ids),
            Member.state == MemberState.ACTIVE.value,
            Member.role.in_(roles),
        )
        .order_by(Member.exhibitor_id, Person.id)
    )
    return [Recipient(*row) for row in rows]


def list_addressees(edition_id: int, filters: MessageFilter) -> list[tuple[int, str]]:
    """Return (id, name) of the companies that a message to several is for, by name."""
    query = (
        select(Exhibitor.id, Exhibitor.name)
        .where(Exhibitor.edition_id == edition_id)
        .order_by(Exhibitor.name, Exhibitor.id)
    )
    if filters.slugs:
        query = query.where(Exhibitor.slug.in_(filters.slugs))
    else:
        query = query.where(Exhibitor.state == ExhibitorState.APPROVED.value)
    if filters.country:
        query = query.where(Exhibitor.country == filters.country)
    if filters.package:
        package = select(Package.id).where(Package.edition_id == edition_id, Package.slug == filters.package)
        query = query.where(Exhibitor.package_id.in_(package))
    if filters.category:
        query = query.where(
            Exhibitor.id.in_(
                select(ExhibitorCategory.exhibitor_id)
                .join(Category, Category.id == ExhibitorCategory.category_id)
                .where(Category.edition_id == edition_id, Category.slug == filters.category)
            )
        )
    if filters.hall:
        query = query.where(
            Exhibitor.id.in_(
                select(ExhibitorBooth.exhibitor_id)
                .join(Booth, Booth.id == ExhibitorBooth.booth_id)
                .join(Hall, Hall.id == Booth.hall_id)
                .where(Hall.edition_id == edition_id, Hall.code == filters.hall)
            )
        )
    found = [(company_id, name) for company_id, name in db.session.execute(query)]
    if filters.task_id is None:
        return found
    waiting = {each.exhibitor_id for each in list_progress(edition_id) if filters.task_id in each.open}
    return [(company_id, name) for company_id, name in found if company_id in waiting]
