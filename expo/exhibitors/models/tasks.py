"""Tables of exhibitors' tasks: what is to be done, what was ticked, and who was reminded."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from expo.infra.db import Base


class ExhibitorTask(Base):
    """A task that organizers set for the exhibitors of an edition, or for those with a package."""

    __tablename__ = "exhibitor_task"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    name: Mapped[dict[str, str]]
    text: Mapped[dict[str, str]]
    # See rules.TaskGoal.
    goal: Mapped[str] = mapped_column(String(16))
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    # Only for companies with this package; None: for all.
    package_id: Mapped[int | None] = mapped_column(ForeignKey("exhibitor_package.id"), index=True)


class TaskTick(Base):
    """A company's task that was ticked as done."""

    __tablename__ = "exhibitor_task_tick"

    task_id: Mapped[int] = mapped_column(ForeignKey("exhibitor_task.id"), primary_key=True)
    exhibitor_id: Mapped[int] = mapped_column(ForeignKey("exhibitor.id"), primary_key=True, index=True)
    ticked_at: Mapped[datetime]


class TaskReminder(Base):
    """A reminder that was sent to a company: each is sent once for a deadline."""

    __tablename__ = "exhibitor_task_reminder"

    task_id: Mapped[int] = mapped_column(ForeignKey("exhibitor_task.id"), primary_key=True)
    exhibitor_id: Mapped[int] = mapped_column(ForeignKey("exhibitor.id"), primary_key=True, index=True)
    # The deadline, so that a later one is announced again, and the days before it.
    due_at: Mapped[datetime] = mapped_column(primary_key=True)
    days: Mapped[int] = mapped_column(primary_key=True)
    sent_at: Mapped[datetime]
