"""Applications of companies: acts with their e-mails."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from expo.accounts.queries import find_person
from expo.accounts.rules import Actor, Permission, require
from expo.editions.queries import get_edition
from expo.errors import Conflict, Invalid
from expo.exhibitors import services
from expo.exhibitors.errors import ApplicationMissing
from expo.exhibitors.queries import get_application, get_record
from expo.exhibitors.rules import ApplicationRequest
from expo.exhibitors.services import SentApplication
from expo.flows.contact_address import contact_language
from expo.flows.exhibitor_decisions import MAX_SELECTED, notify_owners
from expo.infra.addresses import public_url
from expo.infra.db import atomic, retried
from expo.mail.services import queue_email
from expo.questions.rules import Given


@retried
def send_application(
    actor: Actor,
    edition_id: int,
    request: ApplicationRequest,
    given: Mapping[str, Given],
    language: str,
    now: datetime,
) -> SentApplication:
    """Apply as a company and confirm it by e-mail. Raises the errors of the service."""
    with atomic():
        sent = services.send_application(actor, edition_id, request, given, language, now)
        if not sent.faults:
            notify_owners("exhibitors/applied", edition_id, get_record(edition_id, sent.slug), now)
        return sent


@retried
def ask_applicant(actor: Actor, edition_id: int, slug: str, text: str, now: datetime) -> None:
    """Ask an applicant something by e-mail. Raises the errors of the service."""
    with atomic():
        services.ask_applicant(actor, edition_id, slug, text, now)
        question = get_application(edition_id, slug).question
        notify_owners("exhibitors/question", edition_id, get_record(edition_id, slug), now, question=question)


@retried
def reply_to_question(actor: Actor, edition_id: int, slug: str, text: str, now: datetime) -> None:
    """Answer the organizers' question; they get it at the expo's contact address. Raises the errors of the service."""
    with atomic():
        services.reply_to_question(actor, edition_id, slug, text, now)
        edition, application = get_edition(edition_id), get_application(edition_id, slug)
        person = find_person(actor.id or 0)
        if edition.contact_email and person is not None:
            language = contact_language(edition)
            queue_email(
                "exhibitors/reply",
                to_email=edition.contact_email,
                language=language,
                now=now,
                edition_id=edition_id,
                person_id=person.id,
                details={
                    "edition_title": edition.title,
                    "contact_email": edition.contact_email,
                    "time_zone": edition.time_zone,
                    "company": application.company,
                    "question": application.question,
                    "reply": application.reply,
                    "application_link": public_url(f"/organizer/exhibitors/{slug}", language),
                },
            )


@retried
def decline_application(actor: Actor, edition_id: int, slug: str, reason: str, now: datetime) -> None:
    """Decline an application with a reason, by e-mail. Raises the errors of the service."""
    with atomic():
        services.decline_application(actor, edition_id, slug, reason, now)
        reason = get_application(edition_id, slug).reason
        notify_owners("exhibitors/declined", edition_id, get_record(edition_id, slug), now, reason=reason)


def decline_applications(actor: Actor, edition_id: int, slugs: Sequence[str], reason: str, now: datetime) -> int:
    """Decline several applications with the same reason, each in its own transaction, and return how many were.

    Those that were decided in the meantime stay as they are. Raises Invalid `too_many_selected` and for the reason,
    ExhibitorMissing.
    """
    require(actor, Permission.EXHIBITORS_MANAGE, edition_id)
    if len(slugs) > MAX_SELECTED:
        raise Invalid("too_many_selected", maximum=MAX_SELECTED)
    declined = 0
    for slug in dict.fromkeys(slugs):
        try:
            decline_application(actor, edition_id, slug, reason, now)
        except (ApplicationMissing, Conflict):
            continue
        declined += 1
    return declined
