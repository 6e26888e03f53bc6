"""Labels of printed schedules; kept here because documents cannot use translations."""

from flask_babel import gettext as _

from expo.program.exports import ScheduleWords


def schedule_labels() -> ScheduleWords:
    """Return the labels of a printed programme in the language of the request."""
    return ScheduleWords(
        programme=_("Schedule"),
        by_time=_("By time"),
        by_room=_("By room"),
        page=_("Page {page} of {pages}"),
        as_of=_("As of {moment}"),
        nothing=_("No sessions on this day yet."),
    )
