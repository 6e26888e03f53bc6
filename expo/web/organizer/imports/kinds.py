"""The kinds of import runs: their words, their upload pages, and what the preview of each shows."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import LazyString, lazy_gettext as _l

from expo.imports.rules import ImportKind


@dataclass(frozen=True)
class KindLabels:
    """The words and links of one kind of import."""

    name: LazyString
    upload: LazyString
    upload_endpoint: str
    running: LazyString
    cancelled: LazyString
    result: LazyString
    result_endpoint: str


KINDS: Mapping[ImportKind, KindLabels] = {
    ImportKind.ATTENDEES: KindLabels(
        name=_l("Attendees"),
        upload=_l("Import attendees"),
        upload_endpoint="organizer_imports.upload",
        running=_l("Importing attendees"),
        cancelled=_l("Import cancelled. Attendees imported before this stay registered."),
        result=_l("View attendees"),
        result_endpoint="organizer_attendees.list_attendees",
    ),
    ImportKind.SCHEDULE: KindLabels(
        name=_l("Programme"),
        upload=_l("Import programme"),
        upload_endpoint="organizer_program.import_file",
        running=_l("Importing the programme"),
        cancelled=_l("Import cancelled. The programme is unchanged."),
        result=_l("View programme"),
        result_endpoint="organizer_sessions.list_sessions",
    ),
    ImportKind.EXHIBITORS: KindLabels(
        name=_l("Exhibitors"),
        upload=_l("Import exhibitors"),
        upload_endpoint="organizer_exhibitors.import_file",
        running=_l("Importing exhibitors"),
        cancelled=_l("Import cancelled. The exhibitors are unchanged."),
        result=_l("View exhibitors"),
        result_endpoint="organizer_exhibitors.list_companies",
    ),
}
