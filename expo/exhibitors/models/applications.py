"""Tables of applications: when and with which questions companies apply, and what they wrote."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from expo.infra.db import Base


class ApplicationWindow(Base):
    """When companies can apply to an edition, and the form with the organizer's questions."""

    __tablename__ = "exhibitor_application_window"
    __table_args__ = (CheckConstraint("opens_at IS NULL OR closes_at IS NULL OR opens_at < closes_at", name="times"),)

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), primary_key=True)
    is_open: Mapped[bool] = mapped_column(default=False)
    # None: open at once, or without a deadline.
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    introduction: Mapped[dict[str, str]] = mapped_column(default=dict)
    form_id: Mapped[int] = mapped_column(ForeignKey("question_form.id"), index=True)


class Application(Base):
    """The application of a company, by the person who became its owner."""

    __tablename__ = "exhibitor_application"

    exhibitor_id: Mapped[int] = mapped_column(ForeignKey("exhibitor.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    contact_name: Mapped[str] = mapped_column(String(200))
    phone: Mapped[str] = mapped_column(String(64), default="")
    # The package that the company asks for; the one it gets is the exhibitor's.
    package_id: Mapped[int | None] = mapped_column(ForeignKey("exhibitor_package.id"), index=True)
    language: Mapped[str] = mapped_column(String(8))
    sheet_id: Mapped[int | None] = mapped_column(ForeignKey("answer_sheet.id"), index=True)
    submitted_at: Mapped[datetime]
    # What organizers asked the applicant last, and the answer.
    question: Mapped[str] = mapped_column(Text, default="")
    asked_at: Mapped[datetime | None]
    reply: Mapped[str] = mapped_column(Text, default="")
    replied_at: Mapped[datetime | None]
    # The reason that a declined applicant was given.
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[datetime | None]


class ApplicationFile(Base):
    """A file that answers a question of an application."""

    __tablename__ = "exhibitor_application_file"

    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), primary_key=True)
    # Who uploaded it.
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    # Set once the application is sent.
    exhibitor_id: Mapped[int | None] = mapped_column(ForeignKey("exhibitor.id"), index=True)
