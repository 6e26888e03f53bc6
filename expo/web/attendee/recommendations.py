"""Recommendations for an attendee: companies, people and sessions with reasons, and saying no to them."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from expo.errors import Invalid
from expo.exhibitors.rules import MAX_TOPICS
from expo.infra.clock import utcnow
from expo.matchmaking.queries import read_viewpoint, recommend_exhibitors, recommend_people, recommend_sessions
from expo.matchmaking.rules import TargetKind
from expo.matchmaking.services import dismiss, undo_dismissal
from expo.profiles.queries import find_profile, get_party_profile, list_interests
from expo.profiles.services import choose_interests
from expo.program.queries import list_agenda
from expo.web.attendee.own import own_attendee
from expo.web.kit.access import Audience, audience_blueprint, current_actor, current_edition
from expo.web.kit.errors import message_of
from expo.web.kit.person_texts import describe_person, reason_texts
from expo.web.kit.questions import AnswerForm
from expo.web.kit.topic_choices import topic_groups, topic_name

blueprint = audience_blueprint("attendee_recommendations", __name__, Audience.ATTENDEES, url_prefix="/me")

# Of each kind: more than people read on a phone.
SHOWN = 9


@blueprint.route("/interests", methods=["GET", "POST"])
def change_interests() -> str | Response | tuple[str, int]:
    """Edit the attendee's interests."""
    attendee = own_attendee()
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
    """Show recommended companies, people and sessions with the reasons; `undo` names what was just dismissed."""
    edition, attendee = current_edition(), own_attendee()
    view = read_viewpoint(edition, attendee.id)
    profile = get_party_profile(attendee.id)
    kind, _separator, target = request.args.get("undo", "").partition("-")
    return render_template(
        "attendee/recommendations/recommendations.html",
        interests=[topic_name(code) for code in profile.seeks],
        has_profile=find_profile(attendee.id) is not None,
        exhibitors=recommend_exhibitors(edition, attendee.id, utcnow(), SHOWN, view),
        people=[
            (describe_person(each.person), reason_texts(each.reasons))
            for each in recommend_people(edition, attendee.id, utcnow(), SHOWN, view)
        ],
        sessions=recommend_sessions(edition, attendee.id, utcnow(), SHOWN, view),
        chosen={row.slug for row in list_agenda(attendee.id, edition.id)},
        reason_texts=reason_texts,
        undo=(kind, int(target)) if kind in set(TargetKind) and target.isdecimal() and target.isascii() else None,
    )


@blueprint.post("/recommendations/<any(exhibitor, attendee, session):kind>/<int:target_id>/dismiss")
def dismiss_recommendation(kind: str, target_id: int) -> Response:
    """Note that the attendee is not interested; the page then offers to undo it."""
    attendee = own_attendee()
    dismiss(current_actor(), attendee.edition_id, attendee.id, TargetKind(kind), target_id, utcnow())
    return redirect(url_for("attendee_recommendations.show_recommendations", undo=f"{kind}-{target_id}"))


@blueprint.post("/recommendations/<any(exhibitor, attendee, session):kind>/<int:target_id>/undo")
def undo(kind: str, target_id: int) -> Response:
    """Recommend something again."""
    attendee = own_attendee()
    undo_dismissal(current_actor(), attendee.edition_id, attendee.id, TargetKind(kind), target_id)
    flash(_("It can be recommended again."), "success")
    return redirect(url_for("attendee_recommendations.show_recommendations"))


def _show_interests(form: AnswerForm, chosen: set[str], error: str | None = None) -> str:
    return render_template(
        "attendee/recommendations/interests.html",
        form=form,
        groups=topic_groups(chosen),
        chosen=chosen,
        error=error,
        maximum=MAX_TOPICS,
    )
