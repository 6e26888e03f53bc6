"""What changed in the published timetable, and the secret preview of the draft."""

from datetime import date
from itertools import groupby

from flask import Response, make_response, render_template

from expo.errors import Missing
from expo.program.queries import (
    SessionRow,
    find_edition_by_preview_key,
    list_draft_sessions,
    list_versions,
    name_changes,
)
from expo.program.rules.versions import ChangeKind
from expo.web.kit.access import Audience, audience_blueprint, current_edition
from expo.web.kit.public_pages import public_page

blueprint = audience_blueprint("public_versions", __name__, Audience.EVERYONE)

SHOWN = 20


@blueprint.get("/program/changes")
@public_page()
def show_changes() -> str:
    """Show the latest versions of the timetable with their changes."""
    edition = current_edition()
    # A first version in which everything is new changes nothing for anybody.
    versions = [
        each for each in list_versions(edition.id, SHOWN) if each.number > 1 or set(each.counts) - {ChangeKind.ADDED}
    ]
    versions = [each for each in versions if each.changes]
    changes = [change for version in versions for change in version.changes]
    return render_template("public/program/changes.html", versions=versions, names=name_changes(edition.id, changes))


@blueprint.get("/program/preview/<key>")
def show_preview(key: str) -> Response:
    """Show the draft timetable to those who have its secret link."""
    edition = current_edition()
    if find_edition_by_preview_key(key) != edition.id:
        raise Missing("preview_ended")
    calendar = edition.door_calendar

    def day_of(row: SessionRow) -> date | None:
        return calendar.day_of(row.starts_at) if row.starts_at else None

    days = [(day, list(rows)) for day, rows in groupby(list_draft_sessions(edition.id), key=day_of)]
    response = make_response(render_template("public/program/preview.html", days=days))
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    # The key must not reach other sites.
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
