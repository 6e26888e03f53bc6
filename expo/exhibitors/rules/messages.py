"""Rules of the messages between a company and the organizers. Pure."""

from dataclasses import dataclass

from expo.errors import Invalid
from expo.exhibitors.rules.applications import MAX_MESSAGE_LENGTH
from expo.pure.texts import clean_text


@dataclass(frozen=True)
class MessageFilter:
    """Which companies a message to several is for; empty values do not restrict.

    `task_id` selects companies that have not done this task. `slugs` names companies one by one, in any status;
    without it, only approved ones are meant.
    """

    category: str = ""
    country: str = ""
    hall: str = ""
    package: str = ""
    task_id: int | None = None
    slugs: tuple[str, ...] = ()


def check_message(text: str) -> str:
    """Return a message without characters that cannot be stored. Raises Invalid `message_empty`, `text_too_long`."""
    text = clean_text(text).strip()
    if not text:
        raise Invalid("message_empty", field="text")
    if len(text) > MAX_MESSAGE_LENGTH:
        raise Invalid("text_too_long", field="text", maximum=MAX_MESSAGE_LENGTH)
    return text
