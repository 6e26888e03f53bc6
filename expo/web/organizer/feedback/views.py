"""Feedback on sessions: ratings of each, and comments without names."""

from flask import Response, render_template

from expo.accounts.rules import Permission
from expo.formats.tables import Cell
from expo.program.queries import count_rated_sessions, get_ratings, get_session, list_ratings
from expo.program.rules import RATINGS
from expo.web.kit.access import current_edition
from expo.web.kit.downloads import table_response
from expo.web.kit.language import localized
from expo.web.kit.list_pages import page_of_request
from expo.web.organizer.sections import section_blueprint

blueprint = section_blueprint("organizer_feedback", __name__, "/program/feedback", Permission.PROGRAM_MANAGE)


@blueprint.get("")
def list_feedback() -> str:
    """List the sessions that have feedback, with their ratings."""
    edition = current_edition()
    page = page_of_request(count_rated_sessions(edition.id))
    ratings = list_ratings(edition.id, page.size, page.offset)
    return render_template("organizer/feedback/list.html", ratings=ratings, page=page)


@blueprint.get("/<slug>")
def show_feedback(slug: str) -> str:
    """Show the ratings and comments of one session."""
    found = get_ratings(get_session(current_edition().id, slug).row)
    page = page_of_request(len(found.comments), anchor="comments")
    return render_template(
        "organizer/feedback/session.html",
        found=found,
        comments=page.cut(found.comments[::-1]),
        page=page,
        ratings=list(reversed(RATINGS)),
    )


@blueprint.get("/feedback.csv")
def export_feedback() -> Response:
    """Return the ratings of every session with feedback as a CSV file."""
    edition = current_edition()
    columns = ["session", "title", "responses", "average", *(f"rated {rating}" for rating in RATINGS)]
    rows: list[list[Cell]] = [
        [each.session.slug, localized(each.session.title), each.total, round(each.average, 2), *each.counts]
        for each in list_ratings(edition.id)
    ]
    return table_response("csv", f"feedback-{edition.slug}", columns, rows)
