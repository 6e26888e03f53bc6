"""An attendee's feedback on a session."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _, lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import RadioField, TextAreaField
from wtforms.validators import DataRequired, Length

from expo.errors import Conflict, Missing
from expo.flows.feedback import give_feedback, has_attended
from expo.infra.clock import utcnow
from expo.program.queries import find_own_feedback, get_session
from expo.program.rules import MAX_COMMENT, FeedbackWindow, feedback_window
from expo.web.kit.access import Audience, audience_blueprint, current_actor, current_edition
from expo.web.kit.choices import as_choices
from expo.web.kit.errors import message_of
from expo.web.kit.own_schedule import find_own_attendee

blueprint = audience_blueprint("attendee_feedback", __name__, Audience.ATTENDEES, url_prefix="/me/feedback")


class FeedbackForm(FlaskForm):  # type: ignore[misc]
    """A rating and a comment."""

    rating = RadioField(
        _l("How was this session?"),
        choices=as_choices(
            (
                ("5", _l("5 – Excellent")),
                ("4", _l("4 – Good")),
                ("3", _l("3 – Fair")),
                ("2", _l("2 – Poor")),
                ("1", _l("1 – Very poor")),
            )
        ),
        validators=[DataRequired(_l("Choose a rating."))],
    )
    comment = TextAreaField(
        _l("Comment"),
        description=_l("The organizers and the speakers read this without your name."),
        validators=[Length(max=MAX_COMMENT)],
        render_kw={"rows": 5, "dir": "auto", "maxlength": MAX_COMMENT},
    )


@blueprint.route("/<slug>", methods=["GET", "POST"])
def rate_session(slug: str) -> str | Response | tuple[str, int]:
    """Show the form for feedback on a session, and store it."""
    edition, attendee = current_edition(), find_own_attendee()
    if attendee is None:
        raise Missing("attendee_missing")
    row = get_session(edition.id, slug).row
    own = find_own_feedback(attendee.id, row.id)
    form = FeedbackForm(data={"rating": str(own.rating), "comment": own.comment} if own else None)
    if form.validate_on_submit():
        rating = int(form.rating.data)
        try:
            give_feedback(current_actor(), edition.id, attendee.id, slug, rating, form.comment.data or "", utcnow())
        except Conflict as error:
            form.rating.errors = [message_of(error)]
        else:
            flash(_("Thank you for your feedback."), "success")
            return redirect(url_for("public_program.show_session", slug=slug))
    window = feedback_window(row.ends_at, own.given_at if own else None, utcnow())
    can_rate = not row.is_cancelled and has_attended(edition.id, attendee.id, slug, utcnow())
    page = render_template(
        "attendee/feedback.html",
        form=form,
        row=row,
        own=own,
        window=window,
        is_open=can_rate and window is FeedbackWindow.OPEN,
        can_rate=can_rate,
    )
    return page, 422 if form.errors else 200
