"""Reads of exhibitors' tasks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from expo.errors import Missing
from expo.exhibitors.models import Exhibitor, ExhibitorTask, Package, TaskReminder, TaskTick
from expo.exhibitors.queries.pages import rate_pages
from expo.exhibitors.rules import ExhibitorState
from expo.exhibitors.rules.pages import Completeness
from expo.exhibitors.rules.tasks import TaskGoal, fulfils
from expo.infra.db import db


@dataclass(frozen=True)
class TaskRow:
    """A task of an edition's exhibitors, or of those with a package."""

    id: int
    name: Mapping[str, str]
    text: Mapping[str, str]
    goal: TaskGoal
    due_at: datetime | None
    package_id: int | None = None
    package: str = ""

    def is_for(self, package_id: int | None) -> bool:
        """Return whether a company with this package, or without one, is asked to do it."""
        return self.package_id is None or self.package_id == package_id

    def is_overdue(self, now: datetime) -> bool:
        """Return whether the deadline has passed."""
        return self.due_at is not None and self.due_at < now


@dataclass(frozen=True)
class CompanyTask:
    """A task and whether a company has done it."""

    task: TaskRow
    is_done: bool


@dataclass(frozen=True)
class CompanyProgress:
    """A company, how complete its page is, and the ids of the tasks that it is asked to do and that it has done."""

    exhibitor_id: int
    slug: str
    name: str
    page: Completeness
    asked: frozenset[int]
    done: frozenset[int]

    @property
    def open(self) -> frozenset[int]:
        """The tasks that are still to be done."""
        return self.asked - self.done


def list_tasks(edition_id: int) -> list[TaskRow]:
    """Return the tasks of an edition, the most urgent first."""
    rows = db.session.execute(
        select(ExhibitorTask, Package.slug)
        .outerjoin(Package, Package.id == ExhibitorTask.package_id)
        .where(ExhibitorTask.edition_id == edition_id)
    )
    tasks = [
        TaskRow(row.id, row.name, row.text, TaskGoal(row.goal), row.due_at, row.package_id, package or "")
        for row, package in rows
    ]
    return sorted(tasks, key=lambda task: (task.due_at is None, task.due_at.timestamp() if task.due_at else 0, task.id))


def get_task(edition_id: int, task_id: int) -> TaskRow:
    """Return a task. Raises Missing `task_missing`."""
    for each in list_tasks(edition_id):
        if each.id == task_id:
            return each
    raise Missing("task_missing")


def list_tasks_of(edition_id: int, exhibitor_id: int, page: Completeness) -> list[CompanyTask]:
    """Return the tasks of a company, whose page is this complete."""
    ticked = set(db.session.scalars(select(TaskTick.task_id).where(TaskTick.exhibitor_id == exhibitor_id)))
    package_id = db.session.scalar(select(Exhibitor.package_id).where(Exhibitor.id == exhibitor_id))
    return [
        CompanyTask(task, task.id in ticked or fulfils(task.goal, page))
        for task in list_tasks(edition_id)
        if task.is_for(package_id)
    ]


def list_progress(edition_id: int) -> list[CompanyProgress]:
    """Return what every approved company of an edition has done, by name; hidden companies are included."""
    tasks, pages = list_tasks(edition_id), rate_pages(edition_id)
    ticked: dict[int, set[int]] = {}
    for task_id, exhibitor_id in db.session.execute(
        select(TaskTick.task_id, TaskTick.exhibitor_id)
        .join(ExhibitorTask, ExhibitorTask.id == TaskTick.task_id)
        .where(ExhibitorTask.edition_id == edition_id)
    ):
        ticked.setdefault(exhibitor_id, set()).add(task_id)
    companies = db.session.execute(
        select(Exhibitor.id, Exhibitor.slug, Exhibitor.name, Exhibitor.package_id)
        .where(Exhibitor.edition_id == edition_id, Exhibitor.state == ExhibitorState.APPROVED.value)
        .order_by(Exhibitor.name, Exhibitor.id)
    )
    found = []
    for exhibitor_id, slug, name, package_id in companies:
        page = pages[exhibitor_id]
        asked = frozenset(task.id for task in tasks if task.is_for(package_id))
        fulfilled = {task.id for task in tasks if fulfils(task.goal, page)}
        done = asked & (fulfilled | ticked.get(exhibitor_id, set()))
        found.append(CompanyProgress(exhibitor_id, slug, name, page, asked, done))
    return found


def list_reminded(task_id: int, due_at: datetime, days: int) -> set[int]:
    """Return the companies that were reminded of a task this many days before this deadline."""
    query = select(TaskReminder.exhibitor_id).where(
        TaskReminder.task_id == task_id, TaskReminder.due_at == due_at, TaskReminder.days == days
    )
    return set(db.session.scalars(query))
