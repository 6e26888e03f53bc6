"""The form of an exhibitors' task."""

from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import FormField, SelectField

from expo.editions.queries import EditionFacts
from expo.exhibitors.queries import PackageRow, TaskRow
from expo.exhibitors.rules import TaskGoal, TaskRequest
from expo.web.kit.choices import as_choices
from expo.web.kit.language import lazy_pgettext, localized
from expo.web.kit.text_fields import LongTexts, ShortTexts, from_local, moment_field, texts_of, to_local

GOALS = {
    TaskGoal.TICK: _l("The company ticks it"),
    TaskGoal.LOGO: _l("The company page has a logo"),
    TaskGoal.DESCRIPTION: _l("The company page has a description"),
    TaskGoal.LANGUAGES: _l("The description is in English and in Chinese"),
    TaskGoal.TOPICS: _l("Topics are chosen"),
    TaskGoal.PRODUCTS: _l("The company page has a product"),
    TaskGoal.PAGE: _l("The company page is complete"),
}


class TaskForm(FlaskForm):  # type: ignore[misc]
    """A task for all exhibitors."""

    name = FormField(ShortTexts, label=lazy_pgettext("object", "Name"))
    text = FormField(LongTexts, label=_l("Description"), description=_l("What to do, and why. You can use Markdown."))
    goal = SelectField(_l("Done when"), choices=as_choices(GOALS.items()))
    package = SelectField(_l("For"), validate_choice=False)
    due_at = moment_field(
        _l("Deadline"), _l("Companies are reminded by e-mail seven days and one day before, unless the task is done.")
    )

    @classmethod
    def of(cls, task: TaskRow | None, zone: ZoneInfo, packages: list[PackageRow]) -> "TaskForm":
        """Return the form filled in with a task, or with what was just submitted."""
        data = {} if task is None else {**vars(task), "goal": task.goal.value, "due_at": to_local(task.due_at, zone)}
        form = cls(data=data)
        choices = [("", _l("All exhibitors")), *((each.slug, localized(each.name)) for each in packages)]
        form.package.choices = as_choices(choices)
        return form

    def to_request(self, edition: EditionFacts, task: TaskRow | None) -> TaskRequest:
        """Return the submitted values as a service request."""
        return TaskRequest(
            name=texts_of(self.name, edition.languages, dict(task.name) if task else None),
            text=texts_of(self.text, edition.languages, dict(task.text) if task else None),
            goal=TaskGoal(self.goal.data),
            due_at=from_local(self.due_at.data, edition.zone),
            package=self.package.data or "",
        )
