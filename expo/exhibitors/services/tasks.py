"""Acts on exhibitors' tasks: organizers define them, companies tick them."""

from datetime import datetime

from sqlalchemy import delete, func, select

from expo.accounts.rules import Actor, Permission, require
from expo.errors import Conflict, Missing
from expo.exhibitors.models import ExhibitorTask, TaskReminder, TaskTick
from expo.exhibitors.queries.members import require_member
from expo.exhibitors.queries.packages import get_package
from expo.exhibitors.queries.tasks import get_task
from expo.exhibitors.rules import TeamAction
from expo.exhibitors.rules.tasks import MAX_TASKS, TaskGoal, TaskRequest, check_task
from expo.infra.audit import record_act
from expo.infra.db import atomic, db, lock, retried


@retried
def create_task(actor: Actor, edition_id: int, request: TaskRequest, now: datetime) -> int:
    """Define a task for all exhibitors and return its id.

    Raises Invalid (see `check_task`), PackageMissing, Conflict `tasks_too_many`.
    """
    require(actor, Permission.EXHIBITORS_MANAGE, edition_id)
    wanted = check_task(request)
    with atomic():
        count = db.session.scalar(select(func.count()).where(ExhibitorTask.edition_id == edition_id)) or 0
        if count >= MAX_TASKS:
            raise Conflict("tasks_too_many", maximum=MAX_TASKS)
        task = ExhibitorTask(edition_id=edition_id)
        _apply(edition_id, task, wanted)
        db.session.add(task)
        db.session.flush()
        _record(actor, "exhibitors.create_task", task, now)
        return task.id


@retried
def edit_task(actor: Actor, edition_id: int, task_id: int, request: TaskRequest, now: datetime) -> None:
    """Change a task. Raises Missing `task_missing`, PackageMissing, Invalid (see `check_task`)."""
    require(actor, Permission.EXHIBITORS_MANAGE, edition_id)
    wanted = check_task(request)
    with atomic():
        task = _lock_task(edition_id, task_id)
        _apply(edition_id, task, wanted)
        _record(actor, "exhibitors.edit_task", task, now)


@retried
def delete_task(actor: Actor, edition_id: int, task_id: int, now: datetime) -> None:
    """Delete a task with what was ticked. Raises Missing `task_missing`."""
    require(actor, Permission.EXHIBITORS_MANAGE, edition_id)
    with atomic():
        task = _lock_task(edition_id, task_id)
        _record(actor, "exhibitors.delete_task", task, now)
        _delete(task)


@retried
def tick_task(actor: Actor, edition_id: int, slug: str, task_id: int, now: datetime, *, is_done: bool) -> None:
    """Tick a task as done, or as not done; one that the page fulfils cannot be ticked.

    Raises ExhibitorMissing, PermissionMissing, Missing `task_missing`, Conflict `task_not_tickable`.
    """
    member = require_member(actor, edition_id, slug, TeamAction.EDIT_PAGE)
    if get_task(edition_id, task_id).goal is not TaskGoal.TICK:
        raise Conflict("task_not_tickable")
    with atomic():
        _lock_task(edition_id, task_id)
        mark = db.session.get(TaskTick, (task_id, member.exhibitor_id), populate_existing=True)
        if is_done and mark is None:
            db.session.add(TaskTick(task_id=task_id, exhibitor_id=member.exhibitor_id, ticked_at=now))
        elif not is_done and mark is not None:
            db.session.delete(mark)
        db.session.flush()
        record_act(
            actor,
            "exhibitors.tick_task" if is_done else "exhibitors.untick_task",
            now,
            edition_id=edition_id,
            subject="exhibitor",
            subject_id=member.exhibitor_id,
            task=task_id,
        )


def record_task_reminder(task_id: int, exhibitor_id: int, due_at: datetime, days: int, now: datetime) -> bool:
    """Note in the open transaction that a company is reminded; return False if it was reminded before."""
    lock(ExhibitorTask, task_id)
    if db.session.get(TaskReminder, (task_id, exhibitor_id, due_at, days), populate_existing=True) is not None:
        return False
    db.session.add(TaskReminder(task_id=task_id, exhibitor_id=exhibitor_id, due_at=due_at, days=days, sent_at=now))
    db.session.flush()
    return True


def delete_tasks_of_package(package_id: int) -> None:
    """Delete the tasks of a package that no company has any longer, in the open transaction."""
    for task in list(db.session.scalars(select(ExhibitorTask).where(ExhibitorTask.package_id == package_id))):
        _delete(task)


def _delete(task: ExhibitorTask) -> None:
    for table in (TaskTick, TaskReminder):
        db.session.execute(delete(table).where(table.task_id == task.id))
    db.session.delete(task)
    db.session.flush()


def _apply(edition_id: int, task: ExhibitorTask, request: TaskRequest) -> None:
    task.name, task.text = dict(request.name), dict(request.text)
    task.goal, task.due_at = request.goal.value, request.due_at
    task.package_id = get_package(edition_id, request.package).id if request.package else None


def _lock_task(edition_id: int, task_id: int) -> ExhibitorTask:
    task = lock(ExhibitorTask, task_id)
    if task is None or task.edition_id != edition_id:
        raise Missing("task_missing")
    return task


def _record(actor: Actor, action: str, task: ExhibitorTask, now: datetime) -> None:
    db.session.flush()
    record_act(
        actor,
        action,
        now,
        edition_id=task.edition_id,
        subject="exhibitor_task",
        subject_id=task.id,
        name=task.name,
    )
