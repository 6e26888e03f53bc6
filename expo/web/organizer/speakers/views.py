"""Speakers: list, show, create, duplicate, change, merge, remove from their sessions and delete."""

from collections.abc import Sequence
from dataclasses import replace

from flask import Response, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _, ngettext
from werkzeug.wrappers import Response as AnyResponse

from expo.accounts.rules import Permission, require
from expo.errors import Conflict, Invalid, Missing, Outdated
from expo.flows.speakers import change_speaker, create_speaker
from expo.infra.clock import utcnow
from expo.infra.files import find_file_by_key
from expo.program.queries import (
    SessionRow,
    SpeakerPage,
    count_speakers_for,
    get_any_speaker,
    get_speaker_for,
    get_speaker_ticket,
    list_all_speakers,
    list_speakers_for,
)
from expo.program.services import delete_speaker, merge_speakers, remove_from_sessions
from expo.pure.copies import name_copy
from expo.web.forms.row_fields import change_rows
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.form_pages import render_form, show_at_field
from expo.web.kit.formats import number
from expo.web.kit.language import localized, sentence_sep
from expo.web.kit.list_pages import page_of_request
from expo.web.kit.questions import Question, confirm_first
from expo.web.organizer.changes import OtherChange, list_history, list_other_changes
from expo.web.organizer.sections import is_partial_request, section_blueprint
from expo.web.organizer.speaker_names import label_speakers
from expo.web.organizer.speaker_tickets.forms import IssueForm
from expo.web.organizer.speakers.forms import MergeForm, SpeakerForm, values_of

blueprint = section_blueprint("organizer_speakers", __name__, "/program/speakers", Permission.PROGRAM_READ)

Page = str | AnyResponse | tuple[str, int]
# Of a longer list of sessions, a question names this many.
SHOWN_TITLES = 5


@blueprint.get("", strict_slashes=False)
def list_speakers() -> str:
    """List speakers; htmx requests get only the list."""
    q = request.args.get("q", "").strip()[:100]
    edition, actor = current_edition(), current_actor()
    page = page_of_request(count_speakers_for(actor, edition.id, q), {"q": q} if q else None)
    speakers = list_speakers_for(actor, edition.id, q, page.size, page.offset)
    template = "organizer/speakers/_list.html" if is_partial_request() else "organizer/speakers/list.html"
    return render_template(template, q=q, speakers=speakers, page=page)


@blueprint.get("/<slug>")
def show_speaker(slug: str) -> str:
    """Show one speaker with biography and sessions."""
    edition, actor = current_edition(), current_actor()
    speaker = get_speaker_for(actor, edition.id, slug)
    may_manage = actor.may(Permission.PROGRAM_MANAGE, edition.id)
    history = list_history("speaker", speaker.id, edition.id) if may_manage else []
    return render_template(
        "organizer/speakers/speaker.html",
        speaker=speaker,
        history=history,
        ticket=get_speaker_ticket(edition.id, slug) if may_manage else None,
        issue_form=IssueForm.of(edition) if may_manage else None,
    )


@blueprint.get("/<slug>/photo")
def show_photo(slug: str) -> Response:
    """Return the photo of a speaker."""
    key = get_speaker_for(current_actor(), current_edition().id, slug).photo_key
    if key is None:
        raise Missing("file_missing")
    stored = find_file_by_key(key)
    return send_file(stored.path, stored.media_type, etag=stored.sha256, max_age=0)


@blueprint.route("/new", methods=["GET", "POST"])
def add_speaker() -> Page:
    """Create a speaker; with `copy`, the form begins with the values of another."""
    edition, actor = current_edition(), current_actor()
    require(actor, Permission.PROGRAM_MANAGE, edition.id)
    original = get_any_speaker(edition.id, request.args["copy"]) if "copy" in request.args else None
    form = SpeakerForm.of_copy(_copy_of(original), edition) if original else SpeakerForm.of(None, edition)
    if not change_rows(form) and form.validate_on_submit():
        try:
            slug = create_speaker(actor, edition.id, form.to_request(edition), form.read_photo(), utcnow())
        except (Conflict, Invalid) as error:
            show_at_field(form, error, "name")
        else:
            flash(_("Speaker added."), "success")
            return redirect(url_for("organizer_speakers.show_speaker", slug=slug))
    return _form_page(form, None, original=original)


def _copy_of(speaker: SpeakerPage) -> SpeakerPage:
    names = [each.name for each in list_all_speakers(current_edition().id)]
    return replace(speaker, name=name_copy(speaker.name, names), email="")


@blueprint.route("/<slug>/edit", methods=["GET", "POST"])
def edit_speaker(slug: str) -> Page:
    """Change a speaker; if somebody else changed it in the meantime, show what they did."""
    edition, actor = current_edition(), current_actor()
    require(actor, Permission.PROGRAM_MANAGE, edition.id)
    speaker = get_any_speaker(edition.id, slug)
    form = SpeakerForm.of(speaker, edition)
    if not change_rows(form) and form.validate_on_submit():
        try:
            change_speaker(
                actor,
                edition.id,
                slug,
                form.to_request(edition, speaker),
                form.version.data or "",
                form.read_photo(),
                utcnow(),
                removes_photo=form.wants_no_photo(),
            )
        except Outdated:
            return _outdated_page(form, slug)
        except (Conflict, Invalid) as error:
            show_at_field(form, error, "name")
        else:
            flash(_("Changes saved."), "success")
            return redirect(url_for("organizer_speakers.show_speaker", slug=slug))
    return _form_page(form, speaker)


@blueprint.route("/<slug>/merge", methods=["GET", "POST"])
def merge(slug: str) -> Page:
    """Choose another entry of the same person, then merge it into this one."""
    edition, actor = current_edition(), current_actor()
    require(actor, Permission.PROGRAM_MANAGE, edition.id)
    speaker = get_any_speaker(edition.id, slug)
    names = {name: each for name, each in label_speakers(list_all_speakers(edition.id)).items() if each != slug}
    form = MergeForm()
    form.offer(names)
    if form.validate_on_submit():
        try:
            merge_speakers(actor, edition.id, slug, names[(form.other.data or "").strip()], utcnow())
        except (Conflict, Invalid) as error:
            show_at_field(form, error, "other")
        else:
            flash(_("The two entries have been merged."), "success")
            return redirect(url_for("organizer_speakers.show_speaker", slug=slug))
    return render_form(form, "organizer/speakers/merge.html", speaker=speaker, names=list(names))


@blueprint.route("/<slug>/cancel", methods=["GET", "POST"])
def confirm_cancellation(slug: str) -> Page:
    """Name the sessions of somebody who no longer takes part and ask for confirmation, then remove them from all."""
    edition, actor = current_edition(), current_actor()
    require(actor, Permission.PROGRAM_MANAGE, edition.id)
    speaker = get_any_speaker(edition.id, slug)
    question = Question(
        title=_("Remove %(name)s from all sessions?", name=localized(speaker.name)),
        text=sentence_sep().join(_cancellation_in_words(speaker)),
        button=_("Remove from all sessions"),
        trail=_trail(speaker),
        is_destructive=True,
    )
    return confirm_first(
        question,
        lambda: remove_from_sessions(actor, edition.id, slug, None, utcnow()),
        _("Removed from all sessions."),
    )


@blueprint.route("/<slug>/delete", methods=["GET", "POST"])
def confirm_deletion(slug: str) -> Page:
    """Name what depends on a speaker and ask for confirmation, then delete them."""
    edition, actor = current_edition(), current_actor()
    require(actor, Permission.PROGRAM_MANAGE, edition.id)
    speaker = get_any_speaker(edition.id, slug)
    question = Question(
        title=_("Delete %(name)s?", name=localized(speaker.name)),
        text=sentence_sep().join([*_uses_in_words(speaker), _("This cannot be undone.")]),
        button=_("Delete speaker"),
        trail=_trail(speaker),
        is_destructive=True,
    )
    answer = confirm_first(
        question, lambda: delete_speaker(actor, edition.id, slug, None, utcnow()), _("Speaker deleted.")
    )
    if isinstance(answer, AnyResponse):
        return redirect(url_for("organizer_speakers.list_speakers"))
    return answer


def _trail(speaker: SpeakerPage) -> list[tuple[str, str]]:
    return [
        (_("Programme"), url_for("organizer_sessions.list_sessions")),
        (_("Speakers"), url_for("organizer_speakers.list_speakers")),
        (localized(speaker.name), url_for("organizer_speakers.show_speaker", slug=speaker.slug)),
    ]


def _sessions_in_words(sessions: Sequence[SessionRow]) -> str:
    count = len(sessions)
    return ngettext(
        "They are removed from %(count)s session (%(titles)s), which stays in the programme.",
        "They are removed from %(count)s sessions (%(titles)s), which stay in the programme.",
        count,
        count=number(count),
        titles=_titles_in_words(sessions),
    )


def _titles_in_words(sessions: Sequence[SessionRow]) -> str:
    titles = _(", ").join(localized(each.title) for each in sessions[:SHOWN_TITLES])
    return titles if len(sessions) <= SHOWN_TITLES else f"{titles} …"


def _cancellation_in_words(speaker: SpeakerPage) -> list[str]:
    """Return what happens to the sessions of somebody who no longer takes part, and to what else they have."""
    if not speaker.sessions:
        return [_("They are not in any session.")]
    sentences = [_sessions_in_words(speaker.sessions)]
    alone = [each for each in speaker.sessions if len(each.speakers) == 1]
    if alone:
        sentences.append(
            ngettext(
                "Nobody else speaks in %(count)s session (%(titles)s): add another speaker or cancel it.",
                "Nobody else speaks in %(count)s sessions (%(titles)s): add other speakers or cancel them.",
                len(alone),
                count=number(len(alone)),
                titles=_titles_in_words(alone),
            )
        )
    sentences.append(
        _("The entry is kept, but is no longer public. A speaker’s ticket remains valid until you cancel it.")
    )
    return sentences


def _uses_in_words(speaker: SpeakerPage) -> list[str]:
    """Return a sentence for each kind of thing that depends on a speaker."""
    sentences = []
    if speaker.sessions:
        sentences.append(_sessions_in_words(speaker.sessions))
        sentences.append(
            _(
                "They do not get an e-mail about it. To tell them, first remove them from the sessions and publish "
                "the timetable."
            )
        )
    if speaker.photo_key:
        sentences.append(_("Their photo is deleted."))
    if speaker.person_id is not None:
        sentences.append(_("Their account and badge are kept."))
    return sentences or [_("Nothing else depends on this entry.")]


def _outdated_page(form: SpeakerForm, slug: str) -> tuple[str, int]:
    """Show what others changed beside what was typed; saving again replaces their values."""
    edition = current_edition()
    speaker = get_any_speaker(edition.id, slug)
    others = list_other_changes(form, "speaker", speaker.id, edition.id, values_of(speaker, edition))
    form.version.data = speaker.version
    return _form_page(form, speaker, others)[0], 409


def _form_page(
    form: SpeakerForm,
    speaker: SpeakerPage | None,
    others: Sequence[OtherChange] | None = None,
    original: SpeakerPage | None = None,
) -> tuple[str, int]:
    return render_form(
        form,
        "organizer/speakers/edit.html",
        speaker=speaker,
        original=original,
        other_changes=others,
        edition_languages=current_edition().languages,
    )
