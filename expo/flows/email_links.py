"""Links in e-mails: their signed payloads at the time of sending, and who else may see them."""

from datetime import datetime
from typing import Any

from expo.accounts.queries import get_link_version
from expo.accounts.rules import Actor
from expo.errors import Refused
from expo.infra.audit import record_act
from expo.infra.db import atomic
from expo.mail.errors import EmailMissing
from expo.mail.queries import EmailFacts, get_email_with_links, get_stored_links, list_newest_emails

MAX_DIGITS = 19


def links_for_sending(email_id: int) -> dict[str, Any]:
    """Return the links of an e-mail as (path, purpose, payload), to be signed now.

    Links to somebody's own pages get the current link version. They work on arrival however long the e-mail was queued,
    and no e-mail in the database contains a version that could be signed. Raises EmailMissing.
    """
    return {name: _refresh_link(*link) for name, link in get_stored_links(email_id).items()}


def show_email_with_links(actor: Actor, number_or_address: str, now: datetime) -> EmailFacts:
    """Return an e-mail with working links, by its number or the newest to an address.

    For operators of the installation only: on a page, each link would give access to an account. Raises EmailMissing,
    Refused.
    """
    if actor.kind != "system":
        raise Refused("permission_missing", permission="links of e-mails")
    email_id = _find(number_or_address)
    with atomic():
        record_act(actor, "emails.show_links", now, edition_id=None, subject="letter", subject_id=email_id)
    return get_email_with_links(email_id, links_for_sending(email_id))


def _find(number_or_address: str) -> int:
    if number_or_address.isascii() and number_or_address.isdecimal() and len(number_or_address) < MAX_DIGITS:
        return int(number_or_address)
    newest = list_newest_emails(number_or_address.strip().casefold(), limit=1)
    if not newest or not number_or_address.strip():
        raise EmailMissing
    return newest[0].id


def _refresh_link(path: str, purpose: str, payload: list[int]) -> list[Any]:
    if purpose == "me":
        person_id = payload[0]
        return [path, purpose, [person_id, get_link_version(person_id)]]
    return [path, purpose, payload]
