"""The company's tasks: what organizers ask for, by when, and what is done."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from expo.exhibitors.queries import get_page, list_tasks_of
from expo.exhibitors.rules import TeamAction
from expo.exhibitors.services import tick_task
from expo.infra.clock import utcnow
from expo.web.exhibitor.company_pages import render_company_page
from expo.web.exhibitor.completeness import describe_missing
from expo.web.exhibitor.sections import current_membership, exhibitor_blueprint
from expo.web.kit.access import current_actor, current_edition

blueprint = exhibitor_blueprint("exhibitor_tasks", __name__, "/tasks", TeamAction.EDIT_PAGE)


@blueprint.get("", strict_slashes=False)
def show() -> str:
    """Show the tasks, those that are open first."""
    edition, member = current_edition(), current_membership()
    page = get_page(edition.id, member.slug).completeness
    tasks = list_tasks_of(edition.id, member.exhibitor_id, page)
    return render_company_page(
        "exhibitor/tasks.html",
        tasks=sorted(tasks, key=lambda each: each.is_done),
        missing=describe_missing(page),
        percent=page.percent,
        now=utcnow(),
    )


@blueprint.post("/<int:task_id>")
def tick(task_id: int) -> Response:
    """Tick a task as done, or as not done."""
    is_done = request.form.get("done") == "1"
    actor, slug = current_actor(), current_membership().slug
    tick_task(actor, current_edition().id, slug, task_id, utcnow(), is_done=is_done)
    flash(_("Task done.") if is_done else _("The task is open again."), "success")
    return redirect(url_for("exhibitor_tasks.show"))
