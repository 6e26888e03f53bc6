"""A question before an act that cannot simply be taken back: shown as a page, answered by a button."""

from dataclasses import dataclass

from flask import render_template
from flask_wtf import FlaskForm

from expo.errors import ExpoError
from expo.web.kit.errors import sentence_of, status_of


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
    """Return the page that asks, with why it did not work where it was answered already."""
    sentence = sentence_of(error) if error else None
    page = render_template("organizer/question.html", question=question, form=AnswerForm(), error=sentence)
    return page, status_of(error) if error else 200
