"""Exhibitors' tasks: done by a tick or by the page, and reminders that are sent once."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from expo.accounts.errors import PermissionMissing
from expo.accounts.rules import ANONYMOUS, SYSTEM
from expo.editions.queries import EditionFacts
from expo.errors import Conflict, Invalid, Missing
from expo.exhibitors.models import Exhibitor, Package
from expo.exhibitors.queries import get_page, list_addressees, list_progress, list_tasks, list_tasks_of
from expo.exhibitors.rules import (
    MemberRole,
    MessageFilter,
    PackageRequest,
    PageRequest,
    TaskGoal,
    TaskRequest,
    due_reminder,
)
from expo.exhibitors.services import (
    create_package,
    create_task,
    delete_package,
    delete_task,
    edit_task,
    save_page,
    tick_task,
)
from expo.flows.exhibitor_tasks import nudge_companies, send_task_reminders
from expo.infra.db import atomic, db
from expo.mail.models import Email
from tests.domains.exhibitors.page_makers import make_company, make_member


def wanted(name: str, goal: TaskGoal = TaskGoal.TICK, due_at: datetime | None = None) -> TaskRequest:
    return TaskRequest({"en": name}, {"en": "Please"}, goal, due_at)


def done(edition: EditionFacts, slug: str) -> dict[str, bool]:
    page = get_page(edition.id, slug)
    tasks = list_tasks_of(edition.id, page.company.id, page.completeness)
    return {each.task.name["en"]: each.is_done for each in tasks}


def emails() -> list[tuple[str, str]]:
    return [(row.message, row.to_email) for row in db.session.scalars(select(Email).order_by(Email.id))]


def test_tasks_when_the_page_fulfils_one_and_the_other_is_ticked_then_done(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    slug, _ = make_company(edition, now), make_company(edition, now, "Other Ltd")
    member = make_member(edition, slug, now, MemberRole.EDITOR)
    languages = create_task(SYSTEM, edition.id, wanted("Two languages", TaskGoal.LANGUAGES), now)
    confirm = create_task(SYSTEM, edition.id, wanted("Confirm", due_at=now + timedelta(days=9)), now)
    before = done(edition, slug)

    save_page(SYSTEM, edition.id, slug, PageRequest({}, {"en": "x", "zh": "y"}), now)
    tick_task(member, edition.id, slug, confirm, now, is_done=True)
    tick_task(member, edition.id, slug, confirm, now, is_done=True)

    assert before == {"Confirm": False, "Two languages": False}
    assert done(edition, slug) == {"Confirm": True, "Two languages": True}
    assert {each.name: each.done for each in list_progress(edition.id)} == {
        "Guiyang Cloud": {languages, confirm},
        "Other Ltd": frozenset(),
    }
    tick_task(member, edition.id, slug, confirm, now, is_done=False)
    assert done(edition, slug)["Confirm"] is False
    with pytest.raises(Conflict):
        tick_task(member, edition.id, slug, languages, now, is_done=True)


def test_tasks_when_for_a_package_then_asked_only_of_companies_that_have_it(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    slug, other = make_company(edition, now), make_company(edition, now, "Other Ltd")
    make_member(edition, slug, now)
    make_member(edition, other, now)
    gold = create_package(SYSTEM, edition.id, PackageRequest({"en": "Gold"}), now)
    with atomic():
        package_id = select(Package.id).where(Package.slug == gold).scalar_subquery()
        db.session.execute(update(Exhibitor).where(Exhibitor.slug == slug).values(package_id=package_id))
    request = TaskRequest({"en": "Send your film"}, {}, TaskGoal.TICK, now + timedelta(days=5), gold)
    task = create_task(SYSTEM, edition.id, request, now)

    assert (done(edition, slug), done(edition, other)) == ({"Send your film": False}, {})
    assert [name for _, name in list_addressees(edition.id, MessageFilter(package=gold))] == ["Guiyang Cloud"]
    assert [name for _, name in list_addressees(edition.id, MessageFilter(task_id=task))] == ["Guiyang Cloud"]
    assert (send_task_reminders(now), nudge_companies(SYSTEM, edition.id, task, now)) == (1, 1)
    with atomic():
        db.session.execute(update(Exhibitor).values(package_id=None))
    delete_package(SYSTEM, edition.id, gold, now)
    assert list_tasks(edition.id) == []


def test_tasks_when_changed_by_others_or_without_a_name_then_refused(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    slug = make_company(edition, now)
    owner = make_member(edition, slug, now)
    task = create_task(SYSTEM, edition.id, wanted("A"), now)

    for actor in (owner, ANONYMOUS):
        with pytest.raises(PermissionMissing):
            create_task(actor, edition.id, wanted("B"), now)
        with pytest.raises(PermissionMissing):
            nudge_companies(actor, edition.id, task, now)
    with pytest.raises(Invalid):
        edit_task(SYSTEM, edition.id, task, wanted("  "), now)
    tick_task(owner, edition.id, slug, task, now, is_done=True)
    delete_task(SYSTEM, edition.id, task, now)
    with pytest.raises(Missing):
        edit_task(SYSTEM, edition.id, task, wanted("A"), now)
    assert list_tasks(edition.id) == []


def test_reminders_when_a_deadline_comes_near_then_each_team_gets_each_once(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    slug, other = make_company(edition, now), make_company(edition, now, "Other Ltd")
    owner = make_member(edition, slug, now)
    make_member(edition, slug, now, MemberRole.REPRESENTATIVE)
    finished = make_member(edition, other, now)
    due_at = now + timedelta(days=10)
    task = create_task(SYSTEM, edition.id, wanted("Confirm", due_at=due_at), now)
    tick_task(finished, edition.id, other, task, now, is_done=True)

    moments = [now, due_at - timedelta(days=7), due_at - timedelta(days=6), due_at - timedelta(hours=5), due_at]
    sent = [send_task_reminders(moment) for moment in moments]
    edit_task(SYSTEM, edition.id, task, wanted("Confirm", due_at=due_at + timedelta(days=30)), now)

    assert sent == [0, 1, 0, 1, 0]
    assert len(emails()) == 2
    assert send_task_reminders(due_at + timedelta(days=24)) == 1
    recipients = set(db.session.scalars(select(Email.person_id).where(Email.message == "exhibitors/task_reminder")))
    assert recipients == {owner.id}


def test_nudge_when_sent_then_reaches_the_teams_of_companies_that_have_not_done_it(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    slug, other = make_company(edition, now), make_company(edition, now, "Other Ltd")
    make_company(edition, now, "Without a team")
    owner, finished = make_member(edition, slug, now), make_member(edition, other, now)
    task = create_task(SYSTEM, edition.id, wanted("Confirm"), now)
    tick_task(finished, edition.id, other, task, now, is_done=True)

    assert nudge_companies(SYSTEM, edition.id, task, now) == 1
    assert list(db.session.scalars(select(Email.person_id))) == [owner.id]


@pytest.mark.parametrize(("hours", "days"), [(169, None), (168, 7), (25, 7), (24, 1), (1, 1), (0, None), (-1, None)])
def test_reminder_when_time_passes_then_the_one_that_is_due(hours: int, days: int | None, now: datetime) -> None:
    assert due_reminder(now + timedelta(hours=hours), now) == days
    assert due_reminder(None, now) is None
