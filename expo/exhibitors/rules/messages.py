"""Rules of the messages between a company and the organizers. Pure."""

from dataclasses import dataclass


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
