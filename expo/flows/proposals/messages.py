"""Messages from speakers to the organizers."""

from datetime import datetime

from expo.accounts.queries import find_person
from expo.accounts.rules import Actor
from expo.editions.queries import get_edition
from expo.errors import Conflict
from expo.flows.proposals.emails import details_of
from expo.infra.audit import record_act
from expo.infra.db import atomic, retried
from expo.mail.services import queue_email
from expo.proposals.queries import get_own_proposal
from expo.pure.fields import check_message

MAX_MESSAGE_LENGTH = 4_000


@retried
def write_to_organizers(actor: Actor, edition_id: int, code: str, text: str, language: str, now: datetime) -> None:
    """Send a speaker's message about a proposal to the expo's contact address; the e-mail log keeps it.

    Raises ProposalMissing, Invalid `message_empty`, `text_too_long`, Conflict `contact_missing`.
    """
    text = check_message(text, MAX_MESSAGE_LENGTH)
    with atomic():
        proposal = get_own_proposal(edition_id, actor.id or 0, code)
        contact, person = get_edition(edition_id).contact_email, find_person(actor.id or 0)
        if not contact or person is None:
            raise Conflict("contact_missing")
        queue_email(
            "proposals/message",
            to_email=contact,
            language=language,
            now=now,
            edition_id=edition_id,
            person_id=person.id,
            details={
                **details_of(proposal, language),
                "sender": person.name or person.email,
                "sender_email": person.email,
                "text": text,
            },
        )
        record_act(
            actor, "proposals.write_to_organizers", now,
            edition_id=edition_id, subject="proposal", subject_id=proposal.id,
        )  # fmt: skip
