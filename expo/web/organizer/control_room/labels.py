"""The words of alarms."""

from flask_babel import gettext as _, ngettext

from expo.checkin.queries.alarms import AlarmRow
from expo.checkin.rules.alarms import AlarmKind
from expo.web.kit.formats import number, percent
from expo.web.kit.language import localized


def alarm_text(alarm: AlarmRow) -> str:
    """Return what an alarm says, as of when it was raised."""
    name = localized(alarm.name)
    match alarm.kind:
        case AlarmKind.ZONE_FULL:
            return _("%(zone)s is %(share)s full.", zone=name, share=percent(alarm.value / 100))
        case AlarmKind.ZONE_FILLING:
            return _("%(zone)s is filling up: %(share)s.", zone=name, share=percent(alarm.value / 100))
        case AlarmKind.GATE_SILENT:
            return ngettext(
                "No scans at %(checkpoint)s for %(count)s minute, while others are scanning.",
                "No scans at %(checkpoint)s for %(count)s minutes, while others are scanning.",
                alarm.value,
                checkpoint=name,
                count=number(alarm.value),
            )
        case AlarmKind.QUEUE_OLD:
            return ngettext(
                "%(device)s has held unsent scans for %(count)s minute.",
                "%(device)s has held unsent scans for %(count)s minutes.",
                alarm.value,
                device=name,
                count=number(alarm.value),
            )
