"""Labels of printed schedules; kept here because documents cannot use translations."""

from dataclasses import replace

from flask_babel import gettext as _, pgettext

from expo.program.exports import ScheduleExportLabels
from expo.web.kit.formats import kind_in_words, language_in_words


def schedule_labels() -> ScheduleExportLabels:
    """Return the labels of a printed programme in the language of the request."""
    return ScheduleExportLabels(
        programme=_("Schedule"),
        by_time=_("By time"),
        by_room=_("By room"),
        page=_("Page {page} of {pages}"),
        as_of=_("As of {moment}"),
        nothing=_("No sessions on this day yet."),
        cancelled=_("Cancelled: {title}"),
        meeting=pgettext("schedule", "Meeting"),
        type_name=kind_in_words,
        language_name=language_in_words,
    )


def own_schedule_labels() -> ScheduleExportLabels:
    """Return the same for the schedule of one person."""
    return replace(schedule_labels(), nothing=_("Nothing is planned yet."))
