"""The start of a speaker's pages: proposals, invitations, tasks with deadlines, and own slots."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from expo.accounts.queries import find_person
from expo.errors import Conflict, Invalid, TooMany
from expo.flows.proposals import accept_invitation, decline_invitation
from expo.flows.speaker_accounts import claim_own_entries, write_as_speaker
from expo.infra.addresses import public_url
from expo.infra.clock import utcnow
from expo.infra.limits import count_against
from expo.program.errors import SpeakerMissing
from expo.program.exports import export_speaker_ics, export_speaker_pdf
from expo.program.queries import (
    SessionRow,
    SpeakerTicketRow,
    count_agendas,
    has_photo_in_program,
    list_promised_tickets,
    list_sessions_of_person,
    list_sessions_without_slides,
    list_tickets_of_person,
    list_titles_of_person,
    list_unclaimed_entries,
)
from expo.proposals.queries import (
    CallRow,
    ProposalRow,
    find_profile,
    list_calls,
    list_calls_by_id,
    list_files,
    list_open_invitations,
    list_own_proposals,
    list_speakers,
)
from expo.proposals.rules import ACCEPTED_STATES, CallState, ProposalState
from expo.proposals.services import FilePurpose
from expo.web.kit.access import Audience, audience_blueprint, current_actor, current_edition, current_person_id
from expo.web.kit.downloads import file_response
from expo.web.kit.errors import PageWithError, message_of, with_error
from expo.web.kit.form_pages import show_at_field
from expo.web.kit.language import current_language
from expo.web.kit.proposal_labels import NEXT_STEPS, PROPOSAL_STATES, PROPOSAL_TONES
from expo.web.kit.schedule_labels import own_schedule_labels
from expo.web.speaker.forms import MessageForm

blueprint = audience_blueprint("speaker", __name__, Audience.SIGNED_IN, url_prefix="/speaker")


@dataclass(frozen=True)
class Task:
    """Something that a speaker still has to do, and until when."""

    label: str
    url: str
    due_at: datetime | None
    # Of the proposal or session.
    title: Mapping[str, str]


@blueprint.get("", strict_slashes=False)
def show() -> str:
    """Show my proposals, invitations, tasks and slots."""
    return _page(MessageForm(formdata=None))


def _page(message: MessageForm) -> str:
    edition, person_id, now = current_edition(), current_person_id(), utcnow()
    person = find_person(person_id)
    proposals = list_own_proposals(edition.id, person_id)
    calls = list_calls_by_id([each.call_id for each in proposals])
    sessions = list_sessions_of_person(edition.id, person_id)
    tasks = _list_tasks(proposals, calls, person_id)
    asked = {each.url for each in tasks}
    tasks += [each for each in _list_program_tasks(sessions, person_id, now) if each.url not in asked]
    return render_template(
        "speaker/overview.html",
        proposals=proposals,
        calls=calls,
        invitations=list_open_invitations(edition.id, person.email) if person else [],
        tasks=sorted(tasks, key=lambda task: (task.due_at is None, task.due_at.timestamp() if task.due_at else 0)),
        entries=list_unclaimed_entries(edition.id, person.email) if person else [],
        sessions=sessions,
        message=message if proposals or list_titles_of_person(edition.id, person_id) is not None else None,
        wanted_by=count_agendas(edition.id),
        has_profile=(profile := find_profile(person_id)) is not None,
        ticket=_find_ticket(edition.id, person_id),
        is_country_missing=not (profile and profile.values.country),
        is_ticket_promised=bool(list_promised_tickets(edition.id, [person_id])),
        open_calls=[each for each in list_calls(edition.id) if each.state_at(now) is CallState.OPEN],
        states=PROPOSAL_STATES,
        tones=PROPOSAL_TONES,
        next_steps=NEXT_STEPS,
        now=now,
    )


@blueprint.post("/invitations/by-id/<int:speaker_id>/<any(accept, decline):answer>")
def answer(speaker_id: int, answer: str) -> AnyResponse:
    """Answer an invitation to the address of the person who is signed in."""
    try:
        person = find_person(current_person_id())
        email = person.email if person else ""
        (accept_invitation if answer == "accept" else decline_invitation)(current_actor(), speaker_id, email, utcnow())
    except Conflict as error:
        flash(message_of(error), "danger")
    else:
        accepted = _("You are now a speaker of this proposal.")
        flash(accepted if answer == "accept" else _("You have declined the invitation."), "success")
    return redirect(url_for("speaker.show"))


@blueprint.post("/entries")
def claim() -> AnyResponse:
    """Link the speakers in the programme who have the address of the person who is signed in to their account."""
    try:
        claim_own_entries(current_actor(), current_edition().id, current_language().code, utcnow())
    except SpeakerMissing:
        flash(_("Your sessions are on this page already."), "info")
    else:
        flash(_("Your sessions are now on this page."), "success")
    return redirect(url_for("speaker.show"))


@blueprint.post("/message")
def write() -> AnyResponse | PageWithError:
    """Write to the organizers, without a proposal."""
    form, actor = MessageForm(), current_actor()
    if not form.validate_on_submit():
        return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY, {}
    try:
        count_against("10/hour", "write-to-organizers", str(actor.id))
        write_as_speaker(actor, current_edition().id, form.text.data or "", utcnow(), key=form.key.data or "")
    except (Conflict, Invalid, TooMany) as error:
        show_at_field(form, error, "text")
        return with_error(_page(form), error)
    flash(_("Your message has been sent to the organizers."), "success")
    return redirect(url_for("speaker.show", _anchor="message"))


@blueprint.get("/schedule.ics")
def schedule_ics() -> Response:
    """Return my own sessions as a calendar."""
    edition = current_edition()
    content = export_speaker_ics(edition, current_person_id(), current_language().code, _address)
    return file_response(content, "text/calendar; charset=utf-8", "my-sessions.ics")


@blueprint.get("/schedule.pdf")
def schedule_pdf() -> Response:
    """Return my own sessions as a PDF."""
    edition, person_id = current_edition(), current_person_id()
    content = export_speaker_pdf(
        edition, person_id, _name_of(person_id), current_language().code, own_schedule_labels(), utcnow()
    )
    return file_response(content, "application/pdf", "my-sessions.pdf")


def _find_ticket(edition_id: int, person_id: int) -> SpeakerTicketRow | None:
    """Return the ticket that a person has, or should have, as a speaker."""
    tickets = [each for each in list_tickets_of_person(edition_id, person_id) if each.status is not None]
    return next((each for each in tickets if each.attendee_id is not None), tickets[0] if tickets else None)


def _name_of(person_id: int) -> str:
    profile, person = find_profile(person_id), find_person(person_id)
    return profile.values.name if profile else (person.name or person.email) if person else ""


def _address(slug: str) -> str:
    return public_url(url_for("public_program.show_session", slug=slug))


def _list_tasks(proposals: list[ProposalRow], calls: dict[int, CallRow], person_id: int) -> list[Task]:
    """Return the open tasks of accepted proposals."""
    tasks: list[Task] = []
    profile, speakers = find_profile(person_id), list_speakers([each.id for each in proposals])
    for each in (each for each in proposals if each.state in ACCEPTED_STATES):
        call, url = calls[each.call_id], url_for("speaker_proposals.show", code=each.code)
        if (each.state is ProposalState.ACCEPTED or each.person_id != person_id) and not any(
            speaker.has_confirmed for speaker in speakers[each.id] if speaker.person_id == person_id
        ):
            tasks.append(Task(_("Confirm that you will take part"), url, call.confirm_by, each.title))
        if profile is None or profile.photo_id is None:
            tasks.append(
                Task(_("Upload a photo"), url_for("speaker_profile.edit", _anchor="photo"), call.photo_by, each.title)
            )
        if FilePurpose.SLIDES.value not in {file.purpose for file in list_files(each.id)}:
            tasks.append(Task(_("Upload your slides"), f"{url}#slides", call.slides_by, each.title))
    return tasks


def _list_program_tasks(sessions: list[SessionRow], person_id: int, now: datetime) -> list[Task]:
    """Return the open tasks of sessions that were imported or entered by organizers, and need no confirmation."""
    to_come = [each for each in sessions if not each.is_cancelled and (each.ends_at is None or each.ends_at > now)]
    tasks = [
        Task(_("Upload your slides"), url_for("speaker_materials.show", slug=each.slug), each.starts_at, each.title)
        for each in list_sessions_without_slides(to_come, person_id)
    ]
    profile = find_profile(person_id)
    has_photo = profile is not None and profile.photo_id is not None
    if to_come and not has_photo and not has_photo_in_program(current_edition().id, person_id):
        url = url_for("speaker_profile.edit", _anchor="photo")
        tasks.append(Task(_("Upload a photo"), url, None, to_come[0].title))
    return tasks
