"""Speakers who were imported or entered by organizers: invited to their pages, linked to an account, able to write."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from expo.accounts.queries import find_person
from expo.accounts.rules import Actor, Permission, require
from expo.editions.queries import EditionFacts, get_edition
from expo.errors import Conflict
from expo.flows.contact_address import contact_language
from expo.flows.proposals import MAX_MESSAGE_LENGTH, form_key_of, is_repeated
from expo.infra.audit import record_act
from expo.infra.db import atomic, retried
from expo.mail.rendering import RenderedEmail, render_email
from expo.mail.services import queue_email
from expo.program.errors import SpeakerMissing
from expo.program.queries import (
    UnclaimedEntry,
    list_languages_by_address,
    list_titles_of_person,
    list_unclaimed_entries,
)
from expo.program.services import claim_entries, record_invited
from expo.proposals.queries import find_profile, list_own_proposals
from expo.proposals.rules import ProfileRequest
from expo.proposals.rules.profiles import MAX_BIOGRAPHY_LENGTH, MAX_LINKS, MAX_NAME_LENGTH, is_web_address
from expo.proposals.services import save_profile, set_photo
from expo.pure.fields import check_message
from expo.pure.languages import find_common_language, localized

INVITATION = "program/speaker_invitation"
MESSAGE = "program/speaker_message"


@retried
def claim_own_entries(actor: Actor, edition_id: int, language: str, now: datetime) -> None:
    """Link the speakers with the address of the actor's account to it; a first profile has what the programme has.

    Raises SpeakerMissing if there is none.
    """
    person = find_person(actor.id) if actor.id is not None else None
    with atomic():
        entries = list_unclaimed_entries(edition_id, person.email) if person else []
        claim_entries(actor, edition_id, now)
        if person is None or find_profile(person.id) is not None or not entries:
            return
        entry = entries[0]
        save_profile(actor, _profile_of(entry, language), get_edition(edition_id).time_zone, now)
        if entry.photo is not None:
            set_photo(actor, BytesIO(entry.photo.path.read_bytes()), entry.photo.name, now)


def is_due(entry: UnclaimedEntry) -> bool:
    """Return whether a speaker is to be invited with the others: public, and not invited yet."""
    return bool(entry.titles) and entry.invited_at is None


def find_languages(edition: EditionFacts, entries: Sequence[UnclaimedEntry]) -> dict[int, str]:
    """Return the language of each speaker by id: of the account at their address, or else of their sessions.

    Speakers whose sessions are in several languages, or in another one, are not included.
    """
    spoken = list_languages_by_address(edition.id) if entries else {}
    found = {
        each.id: each.account_language or find_common_language(spoken.get(each.email, ()), edition.languages)
        for each in entries
    }
    return {entry_id: language for entry_id, language in found.items() if language}


@retried
def invite_to_pages(
    actor: Actor, edition_id: int, slugs: Collection[str] | None, now: datetime, *, otherwise: str = ""
) -> int:
    """Tell speakers who have an address but no account of their pages, and return how many.

    None invites those with a public session who have not been invited yet; speakers given by slug can be invited again.
    Each is written to in their language, if it is known, and `otherwise` in that one or the first of the expo.
    The e-mail contains no secret: they sign in with a link that is sent to the address.
    """
    require(actor, Permission.PROGRAM_MANAGE, edition_id)
    edition = get_edition(edition_id)
    otherwise = otherwise if otherwise in edition.languages else edition.languages[0]
    with atomic():
        entries = [
            each
            for each in list_unclaimed_entries(edition_id)
            if (is_due(each) if slugs is None else each.slug in slugs)
        ]
        languages = find_languages(edition, entries)
        for entry in entries:
            language = languages.get(entry.id, otherwise)
            queue_email(
                INVITATION,
                to_email=entry.email,
                language=language,
                now=now,
                edition_id=edition_id,
                details=_invitation_details(edition, entry, language),
            )
        if entries:
            record_invited([each.id for each in entries], now)
            record_act(
                actor, "program.invite_speakers", now,
                edition_id=edition_id, subject="edition", subject_id=edition_id, count=len(entries),
            )  # fmt: skip
        return len(entries)


def preview_invitations(
    edition: EditionFacts, entries: Sequence[UnclaimedEntry], languages: Mapping[int, str]
) -> dict[str, RenderedEmail]:
    """Return the e-mail that invites speakers to their pages in each language in which it may be sent."""
    first: dict[str, UnclaimedEntry] = {}
    for entry in entries:
        for language in [languages[entry.id]] if entry.id in languages else edition.languages:
            first.setdefault(language, entry)
    return {
        language: render_email(
            INVITATION, language, _invitation_details(edition, entry, language), {}, with_links=False
        )
        for language, entry in first.items()
    }


@retried
def write_as_speaker(actor: Actor, edition_id: int, text: str, now: datetime, *, key: str = "") -> None:
    """Send a message of somebody who speaks, or has proposed to, to the expo's contact address.

    Idempotent by the key of the form.

    Raises SpeakerMissing for anybody else, Invalid `message_empty`, `text_too_long`, Conflict `contact_missing`.
    """
    text = check_message(text, MAX_MESSAGE_LENGTH)
    person = find_person(actor.id) if actor.kind == "person" and actor.id is not None else None
    if person is None:
        raise SpeakerMissing
    edition = get_edition(edition_id)
    titles = list_titles_of_person(edition_id, person.id)
    if titles is None:
        titles = [each.title for each in list_own_proposals(edition_id, person.id)]
        if not titles:
            raise SpeakerMissing
    if not edition.contact_email:
        raise Conflict("contact_missing")
    with atomic():
        form_key = form_key_of(key, text)
        if is_repeated(person.id, MESSAGE, form_key):
            return
        queue_email(
            MESSAGE,
            to_email=edition.contact_email,
            language=contact_language(edition),
            now=now,
            edition_id=edition_id,
            person_id=person.id,
            details={
                "edition_title": edition.title,
                "titles": [dict(each) for each in titles],
                "sender": person.name or person.email,
                "sender_email": person.email,
                "text": text,
                "form_key": form_key,
            },
        )
        record_act(
            actor, "program.write_to_organizers", now, edition_id=edition_id, subject="person", subject_id=person.id
        )


def _profile_of(entry: UnclaimedEntry, language: str) -> ProfileRequest:
    links = [(each["url"], each.get("title", "")) for each in entry.links if is_web_address(each["url"])]
    return ProfileRequest(
        name=localized(entry.name, language)[:MAX_NAME_LENGTH],
        biography={code: text for code, text in entry.biography.items() if len(text) <= MAX_BIOGRAPHY_LENGTH},
        links=tuple(links[:MAX_LINKS]),
    )


def _invitation_details(edition: EditionFacts, entry: UnclaimedEntry, language: str) -> dict[str, Any]:
    return {
        "edition_title": edition.title,
        "contact_email": edition.contact_email,
        "name": localized(entry.name, language),
        "email": entry.email,
        "titles": [dict(each) for each in entry.titles],
    }
