"""Send sign-in links."""

from datetime import datetime
from typing import Any

from expo.accounts.queries import find_person_by_email
from expo.accounts.rules import fold_email
from expo.accounts.services.attempts import may_mail_another_link
from expo.accounts.services.links import sign_in_link_payload
from expo.accounts.services.people import ensure_person
from expo.editions.queries import EditionFacts, find_current_edition
from expo.infra.db import atomic
from expo.mail.services import queue_email
from expo.program.queries import is_address_of_speaker


def send_sign_in_link(email: str, language: str, now: datetime) -> bool:
    """Send a link to the person with this address if they have an account; it works once, within an hour.

    Speakers whose address is known from the programme get an account with it. Returns whether they have one. Anyone may
    request a link, so callers must not reveal the result and must limit the rate. A mailbox with many unused valid
    links gets none.
    """
    person = find_person_by_email(email)
    if person is None and is_address_of_speaker(fold_email(email)):
        ensure_person(email, "", language, now)
        person = find_person_by_email(email)
    if person is None:
        return False
    if may_mail_another_link(person.id, person.sign_in_count):
        with atomic():
            queue_email(
                "accounts/sign_in",
                to_email=person.email,
                language=language,
                now=now,
                person_id=person.id,
                details={"name": person.name, **_details_of(find_current_edition())},
                links={"sign_in_link": ("/sign-in/", "sign-in", sign_in_link_payload(person))},
            )
    return True


def _details_of(edition: EditionFacts | None) -> dict[str, Any]:
    """Return the values with which an e-mail says which expo it comes from, if there is one already."""
    return {"edition_title": edition.title, "contact_email": edition.contact_email} if edition else {}
