"""Exhibitors' tasks: define them, see who has done them, and remind the others."""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _, ngettext
from werkzeug.wrappers import Response

from expo.accounts.rules import Permission
from expo.errors import Conflict, Invalid
from expo.exhibitors.queries import CompanyProgress, TaskRow, get_task, list_packages, list_progress, list_tasks
from expo.exhibitors.services import create_task, delete_task, edit_task
from expo.flows.exhibitor_tasks import nudge_companies
from expo.infra.clock import utcnow
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.form_pages import render_form, show_at_field
from expo.web.kit.formats import number
from expo.web.kit.language import localized
from expo.web.kit.list_pages import page_of_request
from expo.web.kit.questions import Question, confirm_first
from expo.web.organizer.exhibitor_tasks.forms import GOALS, TaskForm
from expo.web.organizer.sections import section_blueprint

blueprint = section_blueprint("organizer_exhibitor_tasks", __name__, "/exhibitors/tasks", Permission.EXHIBITORS_MANAGE)

Page = Response | tuple[str, int]


@blueprint.get("", strict_slashes=False)
def show() -> str:
    """Show the tasks, and for each company what it has done."""
    edition = current_edition()
    tasks, progress = list_tasks(edition.id), list_progress(edition.id)
    wanted: dict[str, Any] = {
        "task": request.args.get("task", type=int),
        "status": request.args.get("status", ""),
        "q": request.args.get("q", "").strip()[:100],
    }
    matching = [each for each in progress if _matches(each, tasks, wanted)]
    query = {name: str(value) for name, value in wanted.items() if value}
    page = page_of_request(len(matching), query, anchor="companies")
    return render_template(
        "organizer/exhibitor_tasks/list.html",
        tasks=tasks,
        goals=GOALS,
        asked={task.id: sum(task.id in each.asked for each in progress) for task in tasks},
        done={task.id: sum(task.id in each.done for each in progress) for task in tasks},
        matching=page.cut(matching),
        page=page,
        wanted=wanted,
        now=utcnow(),
    )


@blueprint.route("/new", methods=["GET", "POST"])
def add() -> Page:
    """Add a task."""
    return _edit(None)


@blueprint.route("/<int:task_id>", methods=["GET", "POST"])
def edit(task_id: int) -> Page:
    """Change a task."""
    return _edit(get_task(current_edition().id, task_id))


@blueprint.route("/<int:task_id>/delete", methods=["GET", "POST"])
def delete(task_id: int) -> Page:
    """Ask for confirmation, then delete a task."""
    edition, actor = current_edition(), current_actor()
    task = get_task(edition.id, task_id)
    question = Question(
        title=_("Delete “%(name)s”?", name=localized(dict(task.name))),
        text=_("Companies no longer see this task, and what they ticked is lost."),
        button=_("Delete task"),
        trail=_trail(),
        is_destructive=True,
    )
    return confirm_first(question, lambda: delete_task(actor, edition.id, task_id, utcnow()), _("Task deleted."))


@blueprint.route("/<int:task_id>/nudge", methods=["GET", "POST"])
def nudge(task_id: int) -> Page:
    """Ask for confirmation, then e-mail the companies that have not done a task."""
    edition, actor = current_edition(), current_actor()
    task = get_task(edition.id, task_id)
    count = sum(task_id in each.open for each in list_progress(edition.id))
    question = Question(
        title=_("Send a reminder of “%(name)s”?", name=localized(dict(task.name))),
        text=ngettext(
            "%(count)s company has not completed this task. Its team will get an e-mail.",
            "%(count)s companies have not completed this task. Their teams will get an e-mail.",
            count,
            count=number(count),
        ),
        button=_("Send reminder"),
        trail=_trail(),
    )
    return confirm_first(
        question, lambda: nudge_companies(actor, edition.id, task_id, utcnow()), _("The reminder has been sent.")
    )


def _edit(task: TaskRow | None) -> Page:
    edition = current_edition()
    form = TaskForm.of(task, edition.zone, list_packages(edition.id))
    if form.validate_on_submit():
        wanted = form.to_request(edition, task)
        try:
            if task:
                edit_task(current_actor(), edition.id, task.id, wanted, utcnow())
            else:
                create_task(current_actor(), edition.id, wanted, utcnow())
        except (Conflict, Invalid) as error:
            show_at_field(form, error, "name")
        else:
            flash(_("Changes saved.") if task else _("Task added."), "success")
            return redirect(url_for("organizer_exhibitor_tasks.show"))
    return render_form(form, "organizer/exhibitor_tasks/edit.html", task=task, edition_languages=edition.languages)


def _matches(company: CompanyProgress, tasks: list[TaskRow], wanted: Mapping[str, Any]) -> bool:
    if str(wanted["q"]).casefold() not in company.name.casefold():
        return False
    asked = company.asked & {task.id for task in tasks if wanted["task"] in (None, task.id)}
    match wanted["status"]:
        case "open":
            return bool(asked & company.open)
        case "done":
            return bool(asked) and asked <= company.done
    return True


def _trail() -> list[tuple[str, str]]:
    return [
        (_("Exhibitors"), url_for("organizer_exhibitors.list_companies")),
        (_("Tasks"), url_for("organizer_exhibitor_tasks.show")),
    ]
