"""Messages between companies and organizers: stored, e-mailed to the other side, unread until opened."""

from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from expo.accounts.errors import PermissionMissing
from expo.accounts.rules import SYSTEM
from expo.editions.models import Edition
from expo.editions.queries import EditionFacts
from expo.errors import Invalid
from expo.exhibitors.errors import ExhibitorMissing
from expo.exhibitors.queries import count_unread, get_page, list_addressees, list_messages, list_threads
from expo.exhibitors.rules import ExhibitorState, MemberRole, MessageFilter, TaskGoal, TaskRequest
from expo.exhibitors.services import create_task, mark_read, tick_task
from expo.flows.exhibitor_messages import write_as_company, write_to_companies, write_to_company
from expo.infra.db import atomic, db
from expo.mail.models import Email
from tests.domains.exhibitors.page_makers import make_company, make_member, set_company


def emails() -> list[tuple[str, Any]]:
    return [(row.to_email, row.details["text"]) for row in db.session.scalars(select(Email).order_by(Email.id))]


def test_thread_when_both_sides_write_then_each_is_mailed_and_unread_until_opened(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    with atomic():
        db.session.execute(update(Edition).values(contact_email="expo@example.org"))
    slug = make_company(edition, now)
    owner = make_member(edition, slug, now)
    make_member(edition, slug, now, MemberRole.REPRESENTATIVE)
    company_id = get_page(edition.id, slug).company.id

    write_as_company(owner, edition.id, slug, " Where is the power? ", now)
    before = [(each.slug, each.unread) for each in list_threads(edition.id)]
    reached = write_to_company(SYSTEM, edition.id, slug, "Under the floor", now)

    assert [(each.is_from_organizers, each.text) for each in list_messages(company_id)] == [
        (False, "Where is the power?"),
        (True, "Under the floor"),
    ]
    assert (before, reached) == ([(slug, 1)], 1)
    assert [text for _, text in emails()] == ["Where is the power?", "Under the floor"]
    assert emails()[0][0] == "expo@example.org"
    # Answering counts as having read.
    assert [(each.slug, each.unread) for each in list_threads(edition.id)] == [(slug, 0)]
    assert count_unread(company_id, from_organizers=True) == 1
    mark_read(company_id, now, from_organizers=True)
    assert (count_unread(company_id, from_organizers=True), count_unread(company_id, from_organizers=False)) == (0, 0)


def test_message_when_empty_too_long_or_by_others_then_refused(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    slug, other = make_company(edition, now), make_company(edition, now, "Other Ltd")
    owner, stranger = make_member(edition, slug, now), make_member(edition, other, now)

    for text in ("  \x00 ", "x" * 4001):
        with pytest.raises(Invalid):
            write_as_company(owner, edition.id, slug, text, now)
    with pytest.raises(ExhibitorMissing):
        write_as_company(stranger, edition.id, slug, "Hello", now)
    with pytest.raises(PermissionMissing):
        write_to_company(owner, edition.id, slug, "Hello", now)
    with pytest.raises(PermissionMissing):
        write_to_companies(owner, edition.id, MessageFilter(), "Hello", now)
    assert (list_threads(edition.id), emails()) == ([], [])


def test_message_to_several_when_filtered_then_only_approved_companies_that_match(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    slug, finished, applied = (make_company(edition, now, name) for name in ("A", "B", "C"))
    owner, other = make_member(edition, slug, now), make_member(edition, finished, now)
    set_company(applied, ExhibitorState.APPLIED)
    task = create_task(SYSTEM, edition.id, TaskRequest({"en": "T"}, {}, TaskGoal.TICK, None), now)
    tick_task(other, edition.id, finished, task, now, is_done=True)

    def names(**values: Any) -> list[str]:
        return [name for _, name in list_addressees(edition.id, MessageFilter(**values))]

    assert names() == names(category="cloud") == names(country="CN") == ["A", "B"]
    assert (names(country="DE"), names(category="x"), names(hall="x")) == ([], [], [])
    assert write_to_companies(SYSTEM, edition.id, MessageFilter(task_id=task), "Please", now) == 1
    assert [each.slug for each in list_threads(edition.id)] == [slug]
    assert list(db.session.scalars(select(Email.person_id))) == [owner.id]
