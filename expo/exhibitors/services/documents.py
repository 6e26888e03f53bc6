"""Acts on the documents of a company: add, remove."""

from datetime import datetime
from typing import IO

from sqlalchemy import func, select

from expo.accounts.rules import Actor
from expo.errors import Conflict, Invalid, Missing
from expo.exhibitors.models import Document
from expo.exhibitors.queries.members import require_member
from expo.exhibitors.rules import TeamAction
from expo.exhibitors.rules.documents import MAX_DOCUMENT_TITLE_LENGTH, MAX_DOCUMENTS
from expo.exhibitors.services.pages import lock_exhibitor, record_on_company
from expo.infra.db import atomic, db, retried
from expo.infra.files import StoredFile, delete_file, store_file
from expo.pure.texts import clean_text


@retried
def add_document(
    actor: Actor, edition_id: int, slug: str, content: IO[bytes], name: str, title: str, now: datetime
) -> None:
    """Store a PDF, whose content has been checked.

    Raises ExhibitorMissing, PermissionMissing, Invalid `text_too_long`, Conflict `documents_too_many`.
    """
    member = require_member(actor, edition_id, slug, TeamAction.EDIT_PAGE)
    title = " ".join(clean_text(title).split())
    if len(title) > MAX_DOCUMENT_TITLE_LENGTH:
        raise Invalid("text_too_long", field="title", maximum=MAX_DOCUMENT_TITLE_LENGTH)
    content.seek(0)
    with atomic():
        company = lock_exhibitor(member.exhibitor_id)
        count = db.session.scalar(select(func.count()).where(Document.exhibitor_id == company.id)) or 0
        if count >= MAX_DOCUMENTS:
            raise Conflict("documents_too_many", maximum=MAX_DOCUMENTS)
        stored = store_file(content, clean_text(name), "application/pdf", now, edition_id)
        db.session.add(Document(file_id=stored.id, exhibitor_id=company.id, title=title, uploaded_at=now))
        record_on_company(actor, "exhibitors.add_document", company, now, file=stored.name)


@retried
def remove_document(actor: Actor, edition_id: int, slug: str, key: str, now: datetime) -> None:
    """Delete a document. Raises ExhibitorMissing, PermissionMissing, Missing `file_missing`."""
    member = require_member(actor, edition_id, slug, TeamAction.EDIT_PAGE)
    with atomic():
        company = lock_exhibitor(member.exhibitor_id)
        found = db.session.execute(
            select(Document, StoredFile.name)
            .join(StoredFile, StoredFile.id == Document.file_id)
            .where(Document.exhibitor_id == company.id, StoredFile.key == key)
        ).one_or_none()
        if found is None:
            raise Missing("file_missing")
        document, name = found
        delete_document(document)
        record_on_company(actor, "exhibitors.remove_document", company, now, file=name)


def delete_document(document: Document) -> None:
    """Delete a document and its file, in the open transaction."""
    file_id = document.file_id
    db.session.delete(document)
    db.session.flush()
    delete_file(file_id)
