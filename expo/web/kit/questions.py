"""Confirmation pages for actions that cannot easily be undone."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import flash, redirect, render_template
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from expo.errors import Conflict, ExpoError, Invalid
from expo.web.kit.errors import message_of, status_of


@dataclass(frozen=True)
class Question:
    """The question, its consequences and the button's label. `is_destructive` adds a warning colour.

    `trail` has the (label, URL) of the pages above, outermost first. The last one is shown after the action.
    """

    title: str
    text: str
    button: str
    trail: list[tuple[str, str]]
    is_destructive: bool = False

    @property
    def back_url(self) -> str:
        """The page that asks, where the visitor returns to."""
        return self.trail[-1][1]


class AnswerForm(FlaskForm):  # type: ignore[misc]
    """A single button."""


def show_question(
    question: Question, error: ExpoError | None = None, template: str = "organizer/confirm.html"
) -> tuple[str, int]:
    """Render the confirmation page, with the error of the last attempt if there was one."""
    sentence = message_of(error) if error else None
    page = render_template(template, question=question, form=AnswerForm(), error=sentence)
    return page, status_of(error) if error else 200


def confirm_first(
    question: Question, act: Callable[[], object], done: str, template: str = "organizer/confirm.html"
) -> Response | tuple[str, int]:
    """Ask for confirmation; once confirmed, run `act` and show what was done."""
    if not AnswerForm().validate_on_submit():
        return show_question(question, template=template)
    try:
        act()
    except (Conflict, Invalid) as error:
        return show_question(question, error, template)
    flash(done, "success")
    return redirect(question.back_url)
