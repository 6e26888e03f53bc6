"""Sessions in every state: list, show, create, change, duplicate, cancel, reinstate and delete."""

from collections.abc import Sequence
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _, ngettext
from werkzeug.wrappers import Response

from expo.accounts.rules import Permission, require
from expo.errors import Conflict, Invalid, Outdated
from expo.flows.sessions import change_session, create_session, duplicate_session
from expo.infra.clock import utcnow
from expo.program.exports import list_unprintable_of
from expo.program.queries import (
    DraftFilter,
    DraftPage,
    SessionUses,
    count_agendas,
    count_session_uses,
    count_sessions_by_state,
    get_any_session,
    get_session_for,
    list_filter_choices,
    list_materials,
    list_sessions as list_public_sessions,
    list_sessions_for,
    list_tracks,
)
from expo.program.services import cancel_session, delete_session, reinstate_session
from expo.web.forms.row_fields import change_rows
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.form_pages import show_at_field
from expo.web.kit.formats import number
from expo.web.kit.language import localized, sentence_sep
from expo.web.kit.list_pages import page_of_request
from expo.web.kit.questions import Question, confirm_first
from expo.web.organizer.changes import OtherChange, list_history, list_other_changes
from expo.web.organizer.program.formats import FORMATS
from expo.web.organizer.sections import is_partial_request, section_blueprint
from expo.web.organizer.sessions.choices import SessionChoices, load_choices
from expo.web.organizer.sessions.forms import SessionForm, values_of

blueprint = section_blueprint("organizer_sessions", __name__, "/program/sessions", Permission.PROGRAM_READ)

Page = str | Response | tuple[str, int]


@blueprint.get("", strict_slashes=False)
def list_sessions() -> str:
    """List sessions matching the search; htmx requests get only the list."""
    edition = current_edition()
    wanted = _filter()
    sessions = list_sessions_for(current_actor(), edition.id, wanted)
    query = {name: value for name, value in vars(wanted).items() if value}
    page = page_of_request(len(sessions), query)
    template = "organizer/sessions/_list.html" if is_partial_request() else "organizer/sessions/list.html"
    return render_template(
        template,
        wanted=wanted,
        query=query,
        sessions=page.cut(sessions),
        page=page,
        wanted_by=count_agendas(edition.id),
        counts=count_sessions_by_state(edition.id),
        choices=list_filter_choices(edition.id),
        tracks=list_tracks(edition.id),
        formats=FORMATS,
        # Checked for the whole programme, which is what the PDF contains; not for search results.
        unprintable={} if query else list_unprintable_of(list_public_sessions(edition.id)),
    )


@blueprint.get("/<slug>")
def show_session(slug: str) -> str:
    """Show one session with everything that is known about it."""
    edition, actor = current_edition(), current_actor()
    session = get_session_for(actor, edition.id, slug)
    may_manage = actor.may(Permission.PROGRAM_MANAGE, edition.id)
    return render_template(
        "organizer/sessions/session.html",
        session=session,
        row=session.row,
        uses=count_session_uses(session.row.id),
        materials=list_materials(session.row.id),
        history=list_history("session", session.row.id, edition.id) if may_manage else [],
    )


@blueprint.route("/new", methods=["GET", "POST"])
def add_session() -> Page:
    """Create a session as a draft."""
    edition = current_edition()
    require(current_actor(), Permission.PROGRAM_MANAGE, edition.id)
    form = SessionForm.of(None, load_choices(edition))
    if not change_rows(form) and form.validate_on_submit():
        try:
            slug = create_session(current_actor(), edition.id, form.to_request(edition.languages), utcnow())
        except (Conflict, Invalid) as error:
            show_at_field(form, error, "title")
        else:
            flash(_("Session created as a draft. It becomes public with the next published timetable."), "success")
            return redirect(url_for("organizer_sessions.show_session", slug=slug))
    return _form_page(form, None)


@blueprint.route("/<slug>/edit", methods=["GET", "POST"])
def edit_session(slug: str) -> Page:
    """Change a session; if somebody else changed it in the meantime, show what they did."""
    edition, actor = current_edition(), current_actor()
    require(actor, Permission.PROGRAM_MANAGE, edition.id)
    session, choices = get_any_session(edition.id, slug), load_choices(edition)
    form = SessionForm.of(session, choices)
    if not change_rows(form) and form.validate_on_submit():
        wanted = form.to_request(edition.languages, session)
        try:
            change_session(actor, edition.id, slug, wanted, form.version.data or "", utcnow())
        except Outdated:
            return _outdated_page(form, slug, choices)
        except (Conflict, Invalid) as error:
            show_at_field(form, error, "title")
        else:
            flash(_("Changes saved."), "success")
            return redirect(url_for("organizer_sessions.show_session", slug=slug))
    return _form_page(form, session)


@blueprint.post("/<slug>/duplicate")
def duplicate(slug: str) -> Response:
    """Create a draft with the same values, and open it for editing."""
    copy = duplicate_session(current_actor(), current_edition().id, slug, utcnow())
    flash(_("This is the copy. Change what is different."), "success")
    return redirect(url_for("organizer_sessions.edit_session", slug=copy))


@blueprint.route("/<slug>/cancel", methods=["GET", "POST"])
def confirm_cancellation(slug: str) -> Page:
    """Ask for confirmation, then cancel a session."""
    edition, actor = current_edition(), current_actor()
    require(actor, Permission.PROGRAM_MANAGE, edition.id)
    row = get_any_session(edition.id, slug).row
    agendas = count_session_uses(row.id).agendas
    question = Question(
        title=_("Cancel “%(title)s”?", title=localized(row.title)),
        text=sentence_sep().join(
            [
                _("It stays in the schedule, marked as cancelled. You can reinstate it later."),
                ngettext(
                    "%(count)s attendee has it on their schedule.",
                    "%(count)s attendees have it on their schedules.",
                    agendas,
                    count=number(agendas),
                ),
            ]
        ),
        button=_("Cancel session"),
        trail=[
            (_("Programme"), url_for("organizer_sessions.list_sessions")),
            (localized(row.title), url_for("organizer_sessions.show_session", slug=slug)),
        ],
        is_destructive=True,
    )
    return confirm_first(
        question, lambda: cancel_session(actor, edition.id, slug, None, utcnow()), _("The session has been cancelled.")
    )


@blueprint.post("/<slug>/reinstate")
def reinstate(slug: str) -> Response:
    """Undo the cancellation of a session."""
    reinstate_session(current_actor(), current_edition().id, slug, None, utcnow())
    flash(_("The session has been reinstated."), "success")
    return redirect(url_for("organizer_sessions.show_session", slug=slug))


@blueprint.route("/<slug>/delete", methods=["GET", "POST"])
def confirm_deletion(slug: str) -> Page:
    """Name what depends on a session and ask for confirmation, then delete it."""
    edition, actor = current_edition(), current_actor()
    require(actor, Permission.PROGRAM_MANAGE, edition.id)
    row = get_any_session(edition.id, slug).row
    question = Question(
        title=_("Delete “%(title)s”?", title=localized(row.title)),
        text=sentence_sep().join([*_uses_in_words(count_session_uses(row.id)), _("This cannot be undone.")]),
        button=_("Delete session"),
        trail=[
            (_("Programme"), url_for("organizer_sessions.list_sessions")),
            (localized(row.title), url_for("organizer_sessions.show_session", slug=slug)),
        ],
        is_destructive=True,
    )
    answer = confirm_first(
        question, lambda: delete_session(actor, edition.id, slug, None, utcnow()), _("Session deleted.")
    )
    if isinstance(answer, Response):
        return redirect(url_for("organizer_sessions.list_sessions"))
    return answer


def _uses_in_words(uses: SessionUses) -> list[str]:
    """Return a sentence for each kind of thing that is lost with a session."""
    sentences = []
    if uses.agendas:
        sentences.append(
            ngettext(
                "It is removed from the schedule of %(count)s attendee.",
                "It is removed from the schedules of %(count)s attendees.",
                uses.agendas,
                count=number(uses.agendas),
            )
        )
    if uses.seats:
        sentences.append(
            ngettext(
                "%(count)s reservation of a seat is lost.",
                "%(count)s reservations of seats are lost.",
                uses.seats,
                count=number(uses.seats),
            )
        )
    if uses.feedback:
        sentences.append(
            ngettext(
                "The feedback of %(count)s attendee is lost.",
                "The feedback of %(count)s attendees is lost.",
                uses.feedback,
                count=number(uses.feedback),
            )
        )
    if uses.materials:
        sentences.append(
            ngettext(
                "%(count)s uploaded file is deleted.",
                "%(count)s uploaded files are deleted.",
                uses.materials,
                count=number(uses.materials),
            )
        )
    if uses.is_placed:
        sentences.append(_("Its place in the timetable becomes free."))
    if uses.speakers:
        sentences.append(
            ngettext(
                "%(count)s speaker is no longer listed with it.",
                "%(count)s speakers are no longer listed with it.",
                uses.speakers,
                count=number(uses.speakers),
            )
        )
    return sentences or [_("Nothing else depends on it.")]


def _outdated_page(form: SessionForm, slug: str, choices: SessionChoices) -> tuple[str, int]:
    """Show what others changed beside what was typed; saving again replaces their values."""
    edition = current_edition()
    session = get_any_session(edition.id, slug)
    others = list_other_changes(form, "session", session.row.id, edition.id, values_of(session, choices))
    form.version.data = session.version
    return _form_page(form, session, others)[0], 409


def _form_page(
    form: SessionForm, session: DraftPage | None, others: Sequence[OtherChange] | None = None
) -> tuple[str, int]:
    page = render_template(
        "organizer/sessions/edit.html",
        form=form,
        session=session,
        other_changes=others,
        edition_languages=current_edition().languages,
        speaker_names=list(form.speakers.names),
    )
    return page, 422 if form.errors else 200


def _filter() -> DraftFilter:
    args = request.args
    return DraftFilter(
        q=args.get("q", "").strip()[:100],
        state=args.get("state") or None,
        day=_day(args.get("day", "")),
        room=args.get("room") or None,
        track=args.get("track") or None,
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
