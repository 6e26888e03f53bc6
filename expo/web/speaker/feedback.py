"""What attendees said about one's own sessions, without names."""

from flask import render_template

from expo.program.queries import list_ratings_of_speaker
from expo.program.rules import RATINGS
from expo.web.kit.access import Audience, audience_blueprint, current_edition, current_person_id

blueprint = audience_blueprint("speaker_feedback", __name__, Audience.SIGNED_IN, url_prefix="/speaker/feedback")


@blueprint.get("", strict_slashes=False)
def show() -> str:
    """Show the ratings and comments of each session in which one speaks."""
    found = list_ratings_of_speaker(current_edition().id, current_person_id())
    return render_template(
        "speaker/feedback.html", found=[each for each in found if each.total], ratings=list(reversed(RATINGS))
    )
