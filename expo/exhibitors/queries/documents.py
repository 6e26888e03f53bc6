"""Reads of companies' documents."""

from dataclasses import dataclass

from sqlalchemy import select

from expo.exhibitors.models import Document
from expo.infra.db import db
from expo.infra.files import StoredFile


@dataclass(frozen=True)
class DocumentRow:
    """A document; `key` is part of its address, `size` in bytes."""

    key: str
    name: str
    title: str
    size: int

    @property
    def label(self) -> str:
        """What to call it: its title, or else the name of the file."""
        return self.title or self.name


def list_documents(exhibitor_id: int) -> list[DocumentRow]:
    """Return the documents of a company in the order in which they were added."""
    rows = db.session.execute(
        select(StoredFile.key, StoredFile.name, Document.title, StoredFile.size)
        .join(Document, Document.file_id == StoredFile.id)
        .where(Document.exhibitor_id == exhibitor_id)
        .order_by(Document.file_id)
    )
    return [DocumentRow(*row) for row in rows]
