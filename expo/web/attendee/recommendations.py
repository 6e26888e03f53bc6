"""Recommendations for an attendee: their interests, and matching companies and sessions with the reasons."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from expo.errors import Invalid, Missing
from expo.exhibitors.queries import list_topics
from expo.exhibitors.rules import MAX_TOPICS
from expo.infra.clock import utcnow
from expo.matchmaking.queries import recommend_exhibitors, recommend_sessions
from expo.matchmaking.rules import Reason
from expo.profiles.queries import list_interests
from expo.profiles.services import choose_interests
from expo.pure.topics import name_in
from expo.registration.queries import AttendeeRow, list_attendees_of_person
from expo.web.kit.access import Audience, audience_blueprint, current_actor, current_edition, current_person_id
from expo.web.kit.errors import message_of
from expo.web.kit.language import current_language
from expo.web.kit.questions import AnswerForm

blueprint = audience_blueprint("attendee_recommendations", __name__, Audience.ATTENDEES, url_prefix="/me")


@dataclass(frozen=True)
class ShownGroup:
    """A group of topics in the reader's language."""

    name: str
    topics: tuple[tuple[str, str], ...]


@blueprint.route("/interests", methods=["GET", "POST"])
def change_interests() -> str | Response | tuple[str, int]:
    """Edit the attendee's interests."""
    attendee = _attendee()
    form = AnswerForm()
    if not form.validate_on_submit():
        return _show_interests(form, set(list_interests(attendee.id)))
    codes = request.form.getlist("topics")
    try:
        choose_interests(current_actor(), attendee.edition_id, attendee.id, codes, utcnow())
    except Invalid as error:
        return _show_interests(form, set(codes), message_of(error)), 422
    flash(_("Interests saved."), "success")
    return redirect(url_for("attendee_recommendations.show_recommendations"))


@blueprint.get("/recommendations")
def show_recommendations() -> str:
    """Show recommended companies and sessions with the reasons."""
    edition, attendee = current_edition(), _attendee()
    return render_template(
        "attendee/recommendations/recommendations.html",
        interests=[list_topics(edition.id).name(code, current_language().tag) for code in list_interests(attendee.id)],
        exhibitors=recommend_exhibitors(edition, attendee.id),
        sessions=recommend_sessions(edition, attendee.id),
        reason_text=reason_text,
    )


def reason_text(reasons: tuple[Reason, ...]) -> str:
    """Return up to three of the strongest reasons as text."""
    topics, language = list_topics(current_edition().id), current_language().tag
    shared = [topics.name(reason.code, language) for reason in reasons if reason.kind == "shared"][:3]
    if shared:
        return str(_("Matches your interest in %(topics)s", topics=_(", ").join(shared)))
    related = [topics.name(reason.code, language) for reason in reasons][:3]
    return str(_("Related to your interest in %(topics)s", topics=_(", ").join(related)))


def _show_interests(form: AnswerForm, chosen: set[str], error: str | None = None) -> str:
    language = current_language().tag
    topics = list_topics(current_edition().id)
    groups = [
        ShownGroup(
            name_in(group.names, language),
            tuple((each.code, name_in(each.names, language)) for each in topics.topics if each.group == group.code),
        )
        for group in topics.groups
    ]
    return render_template(
        "attendee/recommendations/interests.html",
        form=form,
        groups=groups,
        chosen=chosen,
        error=error,
        maximum=MAX_TOPICS,
    )


def _attendee() -> AttendeeRow:
    person_id = current_person_id()
    attendees = list_attendees_of_person(person_id, current_edition().id)
    found = next((each for each in attendees if each.person_id == person_id), next(iter(attendees), None))
    if found is None:
        raise Missing("attendee_missing")
    return found
