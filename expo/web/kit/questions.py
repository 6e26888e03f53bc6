"""A question before an act that cannot simply be undone: a page with a button."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import flash, redirect, render_template
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from expo.errors import Conflict, ExpoError, Invalid
from expo.web.kit.errors import message_of, status_of


@dataclass(frozen=True)
class Question:
    """What is asked, what happens then, and the words of the button. `is_grave` warns by colour and sign."""

    title: str
    text: str
    button: str
    back_url: str
    is_grave: bool = False


class AnswerForm(FlaskForm):  # type: ignore[misc]
    """One button."""


def show_question(question: Question, error: ExpoError | None = None) -> tuple[str, int]:
    """Return the page that asks, with the error of the last attempt if there was one."""
    sentence = message_of(error) if error else None
    page = render_template("organizer/confirm.html", question=question, form=AnswerForm(), error=sentence)
    return page, status_of(error) if error else 200


def ask_first(question: Question, act: Callable[[], object], done: str) -> Response | tuple[str, int]:
    """Ask; once confirmed, run `act` and say what was done."""
    if not AnswerForm().validate_on_submit():
        return show_question(question)
    try:
        act()
    except (Conflict, Invalid) as error:
        return show_question(question, error)
    flash(done, "success")
    return redirect(question.back_url)
