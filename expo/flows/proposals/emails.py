"""E-mails about proposals: which one, to whom, and with which values."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from expo.accounts.queries import find_person
from expo.editions.queries import EditionFacts, get_edition
from expo.infra.addresses import public_url
from expo.mail.services import queue_email
from expo.proposals.queries import ProposalRow, get_call_by_id, list_speakers
from expo.pure.languages import localized


def notify_author(message: str, proposal: ProposalRow, now: datetime, **details: Any) -> None:
    """Queue an e-mail to the author of a proposal."""
    author = find_person(proposal.person_id)
    if author is not None:
        _write(message, proposal, now, author.email, author.language, author.id, details)


def notify_speakers(message: str, proposal: ProposalRow, now: datetime, **details: Any) -> None:
    """Queue an e-mail to the author and to each co-speaker who accepted the invitation."""
    for speaker in list_speakers([proposal.id])[proposal.id]:
        if speaker.has_accepted and speaker.person_id is not None:
            _write(message, proposal, now, speaker.email, speaker.language, speaker.person_id, details)


def details_of(proposal: ProposalRow, language: str) -> dict[str, Any]:
    """Return the values that every e-mail about a proposal has."""
    edition = get_edition(proposal.edition_id)
    return {
        **details_of_edition(edition),
        "title": localized(dict(proposal.title), language),
        "code": proposal.code,
        "call_title": get_call_by_id(proposal.call_id).title,
        "proposal_link": public_url(f"/speaker/proposals/{proposal.code}", language),
    }


def details_of_edition(edition: EditionFacts) -> dict[str, Any]:
    """Return the values that the frame of an e-mail shows."""
    return {
        "edition_title": edition.title,
        "contact_email": edition.contact_email,
        "time_zone": edition.time_zone,
    }


def _write(
    message: str,
    proposal: ProposalRow,
    now: datetime,
    email: str,
    language: str,
    person_id: int,
    details: Mapping[str, Any],
) -> None:
    queue_email(
        message,
        to_email=email,
        language=language,
        now=now,
        edition_id=proposal.edition_id,
        person_id=person_id,
        details={**details_of(proposal, language), **details},
    )
