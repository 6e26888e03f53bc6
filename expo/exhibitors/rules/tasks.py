"""Rules of the tasks that organizers set for exhibitors: what fulfils them, and when to remind. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from expo.errors import Invalid
from expo.exhibitors.rules.pages import Completeness, PagePart, check_line, check_text

MAX_TASK_NAME_LENGTH = 200
MAX_TASK_TEXT_LENGTH = 2_000
MAX_TASKS = 100
# How many days before its deadline companies are reminded of a task that is not done.
REMIND_DAYS = (1, 7)


class TaskGoal(StrEnum):
    """What fulfils a task: a part of the company's page, or the company itself says so."""

    TICK = "tick"
    LOGO = "logo"
    DESCRIPTION = "description"
    LANGUAGES = "languages"
    PRODUCTS = "products"
    TOPICS = "topics"
    PAGE = "page"


@dataclass(frozen=True)
class TaskRequest:
    """A task: name and text by language, what fulfils it, its deadline, and for which package (slug; empty: all)."""

    name: Mapping[str, str]
    text: Mapping[str, str]
    goal: TaskGoal
    due_at: datetime | None
    package: str = ""


def check_task(request: TaskRequest) -> TaskRequest:
    """Return the request with clean texts. Raises Invalid `task_name_empty`, `text_too_long`."""
    name = check_line(request.name, "name", MAX_TASK_NAME_LENGTH)
    if not name:
        raise Invalid("task_name_empty", field="name")
    return replace(request, name=name, text=check_text(request.text, "text", MAX_TASK_TEXT_LENGTH))


def fulfils(goal: TaskGoal, page: Completeness) -> bool:
    """Return whether a page fulfils a goal; nothing on a page fulfils a task that must be ticked."""
    if goal is TaskGoal.TICK:
        return False
    return not page.missing if goal is TaskGoal.PAGE else PagePart(goal.value) not in page.missing


def due_reminder(due_at: datetime | None, now: datetime) -> int | None:
    """Return which of REMIND_DAYS is due for a deadline at `now`, the latest one; None for none."""
    if due_at is None or due_at <= now:
        return None
    return next((days for days in REMIND_DAYS if due_at - now <= timedelta(days=days)), None)
