"""Tracks: list, add, duplicate, rename, reorder and delete."""

from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _, ngettext
from werkzeug.wrappers import Response

from expo.accounts.rules import Permission, require
from expo.errors import Conflict, Invalid, Outdated
from expo.flows.sessions import change_track, delete_track
from expo.infra.clock import utcnow
from expo.program.queries import TrackRow, get_track, list_all_tracks
from expo.program.services import create_track, move_track
from expo.pure.copies import name_copy
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.form_pages import render_form, show_at_field
from expo.web.kit.formats import number
from expo.web.kit.language import localized
from expo.web.kit.questions import Question, confirm_first
from expo.web.organizer.changes import list_other_changes
from expo.web.organizer.sections import section_blueprint
from expo.web.organizer.tracks.forms import TrackForm

blueprint = section_blueprint("organizer_tracks", __name__, "/program/tracks", Permission.PROGRAM_READ)

Page = str | Response | tuple[str, int]
STEPS = {"up": -1, "down": 1}


@blueprint.get("", strict_slashes=False)
def list_tracks() -> str:
    """List tracks in their order."""
    return render_template("organizer/tracks/list.html", tracks=list_all_tracks(current_edition().id))


@blueprint.route("/new", methods=["GET", "POST"])
def add_track() -> Page:
    """Add a track; with `copy`, the form begins with the values of another."""
    edition, actor = current_edition(), current_actor()
    require(actor, Permission.PROGRAM_MANAGE, edition.id)
    original = get_track(edition.id, request.args["copy"]) if "copy" in request.args else None
    form = TrackForm.of(_copy_of(original, edition.id)) if original else TrackForm()
    if form.validate_on_submit():
        try:
            create_track(actor, edition.id, form.to_request(edition.languages), utcnow())
        except (Conflict, Invalid) as error:
            show_at_field(form, error, "name")
        else:
            flash(_("Track added."), "success")
            return redirect(url_for("organizer_tracks.list_tracks"))
    return render_form(
        form, "organizer/tracks/edit.html", track=None, original=original, edition_languages=edition.languages
    )


def _copy_of(track: TrackRow, edition_id: int) -> TrackRow:
    return replace(track, name=name_copy(track.name, [each.name for each in list_all_tracks(edition_id)]))


@blueprint.route("/<slug>/edit", methods=["GET", "POST"])
def edit_track(slug: str) -> Page:
    """Rename a track; if somebody else changed it in the meantime, show what they did."""
    edition, actor = current_edition(), current_actor()
    require(actor, Permission.PROGRAM_MANAGE, edition.id)
    track = get_track(edition.id, slug)
    form, others = TrackForm.of(track), None
    if form.validate_on_submit():
        wanted = form.to_request(edition.languages, track)
        try:
            change_track(actor, edition.id, slug, wanted, form.version.data or "", utcnow())
        except Outdated:
            track = get_track(edition.id, slug)
            others = list_other_changes(form, "track", track.id, edition.id, {"name": track.name})
            form.version.data = track.version
        except (Conflict, Invalid) as error:
            show_at_field(form, error, "name")
        else:
            flash(_("Changes saved."), "success")
            return redirect(url_for("organizer_tracks.list_tracks"))
    page, status = render_form(
        form, "organizer/tracks/edit.html", track=track, other_changes=others, edition_languages=edition.languages
    )
    return page, 409 if others is not None else status


@blueprint.post("/<slug>/move/<any(up, down):way>")
def shift_track(slug: str, way: str) -> Response:
    """Move a track up or down the list."""
    move_track(current_actor(), current_edition().id, slug, STEPS[way], utcnow())
    return redirect(url_for("organizer_tracks.list_tracks"))


@blueprint.route("/<slug>/delete", methods=["GET", "POST"])
def confirm_deletion(slug: str) -> Page:
    """Name what depends on a track and ask for confirmation, then delete it."""
    edition, actor = current_edition(), current_actor()
    require(actor, Permission.PROGRAM_MANAGE, edition.id)
    track = get_track(edition.id, slug)
    count = track.session_count
    question = Question(
        title=_("Delete %(name)s?", name=localized(track.name)),
        text=ngettext(
            "%(count)s session will be left without a track. This cannot be undone.",
            "%(count)s sessions will be left without a track. This cannot be undone.",
            count,
            count=number(count),
        )
        if count
        else _("No session uses it. This cannot be undone."),
        button=_("Delete track"),
        trail=[
            (_("Programme"), url_for("organizer_sessions.list_sessions")),
            (_("Tracks"), url_for("organizer_tracks.list_tracks")),
        ],
        is_destructive=True,
    )
    return confirm_first(question, lambda: delete_track(actor, edition.id, slug, None, utcnow()), _("Track deleted."))
