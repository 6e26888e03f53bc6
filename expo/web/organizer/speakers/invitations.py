"""Inviting speakers who were imported or entered to their pages: who gets which e-mail, before it is sent."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _, ngettext
from werkzeug.wrappers import Response

from expo.accounts.rules import Permission
from expo.flows.speaker_accounts import find_languages, invite_to_pages, is_due, preview_invitations
from expo.infra.clock import utcnow
from expo.program.queries import UnclaimedEntry, list_unclaimed_entries
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.formats import number
from expo.web.organizer.sections import section_blueprint

blueprint = section_blueprint(
    "organizer_speaker_invitations", __name__, "/program/speaker-invitations", Permission.PROGRAM_MANAGE
)


@blueprint.get("", strict_slashes=False)
def preview() -> str:
    """Show who would be invited and how, and who was; with `speaker`, that speaker only."""
    edition = current_edition()
    slug = request.args.get("speaker", "")
    entries = list_unclaimed_entries(edition.id)
    chosen = [each for each in entries if (each.slug == slug if slug else is_due(each))]
    languages = find_languages(edition, chosen)
    return render_template(
        "organizer/speakers/invitations.html",
        chosen=chosen,
        slug=slug,
        invited=[] if slug else [each for each in entries if each.invited_at is not None],
        languages=languages,
        # One to choose from is no choice.
        offered=edition.languages if len(languages) < len(chosen) and len(edition.languages) > 1 else (),
        emails=preview_invitations(edition, chosen, languages),
    )


@blueprint.post("")
def send() -> Response:
    """Send the invitations."""
    slug = request.form.get("speaker", "")
    otherwise = request.form.get("language", "")
    count = invite_to_pages(
        current_actor(), current_edition().id, [slug] if slug else None, utcnow(), otherwise=otherwise
    )
    if count:
        text = ngettext(
            "%(count)s speaker was invited.", "%(count)s speakers were invited.", count, count=number(count)
        )
        flash(text, "success")
    else:
        flash(_("There is nobody left to invite."), "info")
    return _back(slug, list_unclaimed_entries(current_edition().id))


def _back(slug: str, entries: list[UnclaimedEntry]) -> Response:
    if any(each.slug == slug for each in entries):
        return redirect(url_for("organizer_speakers.show_speaker", slug=slug))
    return redirect(url_for("organizer_speaker_invitations.preview"))
