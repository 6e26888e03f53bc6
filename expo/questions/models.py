"""Tables of forms: the form, its fields, and sheets of answers."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from expo.infra.db import Base


class QuestionForm(Base):
    """A form of an edition; the rows that use it refer to it."""

    __tablename__ = "question_form"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    # See rules.Purpose.
    purpose: Mapped[str] = mapped_column(String(16))
    # Raised with every change of the fields.
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]


class QuestionField(Base):
    """One question of a form."""

    __tablename__ = "question_field"
    __table_args__ = (
        # A removed field keeps its answers; its key may be used again.
        Index(
            "uq_question_field_form_id_key",
            "form_id",
            "key",
            unique=True,
            sqlite_where=text("removed_at IS NULL"),
            postgresql_where=text("removed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    form_id: Mapped[int] = mapped_column(ForeignKey("question_form.id"))
    key: Mapped[str] = mapped_column(String(40))
    # See rules.FieldKind.
    kind: Mapped[str] = mapped_column(String(16))
    label: Mapped[dict[str, str]]
    help_text: Mapped[dict[str, str]] = mapped_column(default=dict)
    is_required: Mapped[bool] = mapped_column(default=False)
    # Each {"key": …, "label": {language: text}}.
    options: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    limits: Mapped[dict[str, str]] = mapped_column(default=dict)
    # Each {"field": …, "operator": …, "values": [text]}.
    conditions: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    needs_all: Mapped[bool] = mapped_column(default=True)
    is_identifying: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)
    removed_at: Mapped[datetime | None]


class AnswerSheet(Base):
    """The answers that somebody gave to a form, by field key; the row that they belong to refers to the sheet."""

    __tablename__ = "answer_sheet"

    id: Mapped[int] = mapped_column(primary_key=True)
    form_id: Mapped[int] = mapped_column(ForeignKey("question_form.id"), index=True)
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    changed_at: Mapped[datetime]
