"""The organizers' pages of exhibitors' tasks."""

import re
from datetime import datetime

from flask.testing import FlaskClient
from sqlalchemy import func, select

from expo.accounts.rules import Role
from expo.editions.queries import EditionFacts
from expo.exhibitors.queries import list_tasks
from expo.exhibitors.rules import TaskGoal
from expo.infra.db import db
from expo.mail.models import Email
from tests.domains.exhibitors.page_makers import make_company, make_member
from tests.web.organizer.conftest import SignIn

TASK = {"name-en": "Upload your logo", "name-zh": "上传标志", "goal": "logo", "due_at": "2027-05-01T18:00"}
PATH = "/organizer/exhibitors/tasks"


def test_tasks_when_added_changed_and_deleted_then_listed(organizer: FlaskClient, edition: EditionFacts) -> None:
    empty = organizer.get(PATH).text
    refused = organizer.post(f"{PATH}/new", data={**TASK, "name-en": "", "name-zh": ""})
    organizer.post(f"{PATH}/new", data=TASK)
    [task] = list_tasks(edition.id)
    organizer.post(f"{PATH}/{task.id}", data={**TASK, "goal": "tick", "name-en": "Send it"})
    [changed] = list_tasks(edition.id)
    organizer.post(f"{PATH}/{task.id}/delete")

    assert ("No tasks yet" in empty, refused.status_code) == (True, 422)
    assert (task.name, task.goal) == ({"en": "Upload your logo", "zh": "上传标志"}, TaskGoal.LOGO)
    assert task.due_at is not None
    assert task.due_at.astimezone(edition.zone).isoformat() == "2027-05-01T18:00:00+08:00"
    assert (changed.name["en"], changed.goal, list_tasks(edition.id)) == ("Send it", TaskGoal.TICK, [])


def test_overview_when_filtered_then_companies_by_what_they_have_done_and_a_nudge_reaches_them(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    slug, other = make_company(edition, now, "First"), make_company(edition, now, "Second")
    owner = make_member(edition, slug, now)
    organizer.post(f"{PATH}/new", data={**TASK, "goal": "tick"})
    [task] = list_tasks(edition.id)
    organizer.post(f"/exhibitor/{other}/tasks/{task.id}", data={"done": "1"})

    pages = {query: organizer.get(f"{PATH}?{query}").text for query in ("status=open", "status=done", "q=sec")}
    question = organizer.get(f"{PATH}/{task.id}/nudge").text
    organizer.post(f"{PATH}/{task.id}/nudge")

    shown = {query: re.findall(r"<bdi>(First|Second)</bdi>", page) for query, page in pages.items()}
    assert shown == {"status=open": ["First"], "status=done": ["Second"], "q=sec": ["Second"]}
    assert "1 company has not completed this task." in question
    assert list(db.session.scalars(select(Email.person_id))) == [owner.id]


def test_tasks_when_opened_without_the_permission_then_refused(sign_in: SignIn, edition: EditionFacts) -> None:
    manager = sign_in(Role.PROGRAM_MANAGER)

    assert [manager.get(PATH).status_code, manager.post(f"{PATH}/new", data=TASK).status_code] == [403, 403]
    assert db.session.scalar(select(func.count()).select_from(Email)) == 0
