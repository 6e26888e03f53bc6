"""E-mails about exhibitors' tasks: reminders before a deadline, each once, and nudges by organizers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from expo.accounts.rules import Actor, Permission, require
from expo.editions.queries import EditionFacts, find_current_edition, get_edition
from expo.exhibitors.queries import (
    CompanyProgress,
    Recipient,
    TaskRow,
    get_task,
    list_progress,
    list_recipients,
    list_reminded,
    list_tasks,
)
from expo.exhibitors.rules import TeamAction, due_reminder
from expo.exhibitors.services import record_task_reminder
from expo.flows.exhibitor_messages import email_team
from expo.infra.audit import record_act
from expo.infra.db import atomic, retried


def send_task_reminders(now: datetime) -> int:
    """Queue the reminders of tasks whose deadline is near, each once, and return how many companies are reminded."""
    edition = find_current_edition()
    if edition is None:
        return 0
    due = [(task, days) for task in list_tasks(edition.id) if (days := due_reminder(task.due_at, now)) is not None]
    if not due:
        return 0
    progress, sent = list_progress(edition.id), 0
    for task, days in due:
        if task.due_at is None:
            continue
        reminded = list_reminded(task.id, task.due_at, days)
        waiting = [each for each in progress if task.id in each.open and each.exhibitor_id not in reminded]
        with atomic():
            recipients = _recipients_by_company(waiting)
            for each in waiting:
                # Companies without a team are not noted, so that a team that joins later is reminded.
                if each.exhibitor_id in recipients and record_task_reminder(
                    task.id, each.exhibitor_id, task.due_at, days, now
                ):
                    _email(edition, task, recipients[each.exhibitor_id], now)
                    sent += 1
    return sent


@retried
def nudge_companies(actor: Actor, edition_id: int, task_id: int, now: datetime) -> int:
    """E-mail the teams of all companies that have not done a task, and return how many companies those are.

    Raises PermissionMissing, Missing `task_missing`.
    """
    require(actor, Permission.EXHIBITORS_MANAGE, edition_id)
    task, edition = get_task(edition_id, task_id), get_edition(edition_id)
    with atomic():
        waiting = [each for each in list_progress(edition_id) if task_id in each.open]
        recipients = _recipients_by_company(waiting)
        reached = [each for each in waiting if each.exhibitor_id in recipients]
        for each in reached:
            _email(edition, task, recipients[each.exhibitor_id], now)
        record_act(
            actor,
            "exhibitors.nudge",
            now,
            edition_id=edition_id,
            subject="exhibitor_task",
            subject_id=task_id,
            companies=len(reached),
        )
    return len(reached)


def _recipients_by_company(companies: Sequence[CompanyProgress]) -> dict[int, list[Recipient]]:
    found: dict[int, list[Recipient]] = {}
    for each in list_recipients([company.exhibitor_id for company in companies], TeamAction.EDIT_PAGE):
        found.setdefault(each.exhibitor_id, []).append(each)
    return found


def _email(edition: EditionFacts, task: TaskRow, recipients: Sequence[Recipient], now: datetime) -> None:
    details: dict[str, Any] = {
        "task": dict(task.name),
        "text": dict(task.text),
        "due_at": task.due_at.isoformat() if task.due_at else None,
    }
    for each in recipients:
        email_team("exhibitors/task_reminder", edition, each, details, now)
