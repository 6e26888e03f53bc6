"""The question before something of a company is deleted for good."""

from collections.abc import Callable

from flask import url_for
from werkzeug.wrappers import Response

from expo.web.exhibitor.sections import current_membership
from expo.web.kit.questions import Question, confirm_first

Page = Response | tuple[str, int]


def confirm_deletion(
    title: str, text: str, button: str, back: tuple[str, str], act: Callable[[], object], done: str
) -> Page:
    """Ask first; once confirmed, run `act`, say what was done, and lead `back` (label and address of a page)."""
    trail = [(current_membership().name, url_for("exhibitor.show")), back]
    return confirm_first(Question(title, text, button, trail, is_destructive=True), act, done, "exhibitor/confirm.html")
