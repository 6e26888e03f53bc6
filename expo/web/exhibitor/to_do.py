"""What a company's team has to do next, each with the place where it is done."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import ngettext

from expo.exhibitors.queries import (
    CompanyPage,
    count_passes_used,
    count_unread,
    get_licences,
    get_record,
    list_tasks_of,
)
from expo.exhibitors.rules import TeamAction
from expo.web.exhibitor.sections import current_membership
from expo.web.kit.access import current_edition


@dataclass(frozen=True)
class ToDo:
    """How many of something wait, in words after the number, and where."""

    count: int
    text: str
    url: str


def list_to_do(page: CompanyPage, unanswered: int) -> list[ToDo]:
    """Return what waits for the viewer, of what their role may do; `unanswered` meetings wait for the company."""
    edition, membership = current_edition(), current_membership()
    found = [_meetings(unanswered)]
    if membership.may(TeamAction.EDIT_PAGE):
        tasks = list_tasks_of(edition.id, membership.exhibitor_id, page.completeness)
        found += [
            _messages(count_unread(membership.exhibitor_id, from_organizers=True)),
            _tasks(sum(not each.is_done for each in tasks)),
        ]
    if membership.may(TeamAction.MANAGE_TEAM):
        licences = get_licences(membership.exhibitor_id)
        passes = get_record(edition.id, membership.slug).passes - count_passes_used(membership.exhibitor_id)
        found += [_passes(passes), _licences((licences.bought or 0) - len(licences.holders))]
    return [each for each in found if each.count > 0]


def _meetings(count: int) -> ToDo:
    words = ngettext("meeting waits for your answer", "meetings wait for your answer", count)
    return ToDo(count, words, url_for("exhibitor_meetings.show_meetings"))


def _messages(count: int) -> ToDo:
    words = ngettext("unread message from the organizers", "unread messages from the organizers", count)
    return ToDo(count, words, url_for("exhibitor_messages.show"))


def _tasks(count: int) -> ToDo:
    return ToDo(count, ngettext("open task", "open tasks", count), url_for("exhibitor_tasks.show"))


def _passes(count: int) -> ToDo:
    words = ngettext("pass is not issued yet", "passes are not issued yet", count)
    return ToDo(count, words, url_for("exhibitor_team.show"))


def _licences(count: int) -> ToDo:
    words = ngettext("lead licence is not assigned yet", "lead licences are not assigned yet", count)
    return ToDo(count, words, url_for("exhibitor_team.show"))
