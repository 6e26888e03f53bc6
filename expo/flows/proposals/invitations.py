"""Inviting co-speakers by e-mail, and letting people who have no account begin."""

from datetime import datetime

from expo.accounts.queries import find_person, find_person_by_email
from expo.accounts.rules import Actor
from expo.accounts.services.attempts import may_mail_another_link
from expo.accounts.services.links import sign_in_link_payload
from expo.accounts.services.people import ensure_person, mark_verified
from expo.editions.queries import get_edition
from expo.errors import Conflict
from expo.flows.proposals.emails import details_of, details_of_edition
from expo.flows.proposals.sessions import join_session
from expo.infra.db import atomic, retried
from expo.mail.services import queue_email
from expo.proposals.queries import get_invitation, get_own_proposal
from expo.proposals.services import add_speaker, answer_invitation


@retried
def invite_speaker(
    actor: Actor,
    edition_id: int,
    code: str,
    email: str,
    name: str,
    language: str,
    now: datetime,
    *,
    is_moderator: bool = False,
) -> None:
    """Add a co-speaker and send the invitation. Raises the errors of `add_speaker`."""
    with atomic():
        speaker = add_speaker(actor, edition_id, code, email, name, now, is_moderator=is_moderator)
        proposal = get_own_proposal(edition_id, actor.id or 0, code)
        known = find_person_by_email(speaker.email)
        language = known.language if known else language
        queue_email(
            "proposals/invitation",
            to_email=speaker.email,
            language=language,
            now=now,
            edition_id=edition_id,
            person_id=known.id if known else None,
            details={**details_of(proposal, language), "inviter": actor.label, "name": speaker.name},
            links={"invitation_link": ("/speaker/invitations/", "speaker-invitation", [speaker.id, speaker.email])},
        )


@retried
def accept_invitation(actor: Actor, speaker_id: int, email: str, now: datetime) -> None:
    """Accept an invitation to an address that the caller knows to be the actor's.

    If the proposal has become a session already, its new speaker joins it. Raises InvitationMissing, Conflict
    `invitation_answered`.
    """
    with atomic():
        answer_invitation(actor, speaker_id, email, now, is_accepted=True)
        newcomer, proposal = get_invitation(speaker_id, email)
        join_session(proposal, newcomer, now)


def decline_invitation(actor: Actor, speaker_id: int, email: str, now: datetime) -> None:
    """Decline an invitation to an address that the caller knows to be the actor's; the e-mailed link proves it, too.

    Raises InvitationMissing, Conflict `invitation_answered`.
    """
    answer_invitation(actor, speaker_id, email, now, is_accepted=False)


@retried
def accept_as_newcomer(speaker_id: int, email: str, language: str, now: datetime) -> int:
    """Create the account of a co-speaker who has none, accept their invitation, and return the person's id.

    The e-mailed link proves the address. Raises InvitationMissing, Conflict `invitation_answered`, or
    `account_exists` where the address has an account by now, which only a sign-in may open.
    """
    with atomic():
        speaker, _proposal = get_invitation(speaker_id, email)
        if find_person_by_email(email) is not None:
            raise Conflict("account_exists")
        person_id = ensure_person(email, speaker.name, language, now)
        mark_verified(person_id, now)
        accept_invitation(Actor("person", person_id), speaker_id, email, now)
        return person_id


def send_start_link(
    edition_id: int,
    email: str,
    name: str,
    language: str,
    path: str,
    now: datetime,
    *,
    message: str = "proposals/start",
) -> None:
    """Send a link that signs a person in once within the hour, creating their account if needed, and leads to `path`.

    `message` is the e-mail that says what the link is for. Anyone may request it, so callers must limit the rate.
    Raises Invalid `email_invalid`.
    """
    with atomic():
        person = find_person(ensure_person(email, name, language, now))
        if person is None or not may_mail_another_link(person.id, person.sign_in_count):
            return
        queue_email(
            message,
            to_email=person.email,
            language=language,
            now=now,
            edition_id=edition_id,
            person_id=person.id,
            details=details_of_edition(get_edition(edition_id)),
            links={"start_link": ("/speaker/start/", "speaker-start", [*sign_in_link_payload(person), path])},
        )
