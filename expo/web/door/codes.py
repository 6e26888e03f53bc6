"""Short codes printed on badges: whose code it is, for staff who may see it, and whom to call for everyone else."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from expo.accounts.rules import Actor, Permission
from expo.editions.queries import EditionFacts
from expo.pure.codes import normalize_code
from expo.registration.errors import AttendeeMissing
from expo.registration.queries import AttendeeRow, get_attendee
from expo.registration.rules import AttendeeState
from expo.web.kit.formats import country_name
from expo.web.kit.language import localized
from expo.web.kit.status_labels import ATTENDEE_STATES


def describe_code(text: str, actor: Actor, edition: EditionFacts) -> dict[str, Any]:
    """Return what the page shows for a short code; staff who may not read attendees learn nothing about it."""
    if not actor.may(Permission.ATTENDEES_READ, edition.id):
        return _notice(_("Short code"), advise_whom_to_call(edition))
    try:
        attendee = get_attendee(edition.id, normalize_code(text))
    except AttendeeMissing:
        return _notice(_("Unknown code"), advise_on_unknown_code())
    return _shown_person(attendee, actor)


def _notice(word: str, advice: str) -> dict[str, Any]:
    return {"word": word, "advice": advice, "attendee": None, "links": []}


def advise_on_unknown_code() -> str:
    """Return what to do about a code that nobody has."""
    return str(_("This code does not match any badge for this expo. Check all eight characters, or scan the QR code."))


def advise_whom_to_call(edition: EditionFacts | None) -> str:
    """Return what to do about a short code where people may not know whose it is."""
    advice = _(
        "A code alone is not enough to let someone in. Scan the QR code, call the team leader, or send them "
        "to the help desk."
    )
    if edition is None or not edition.contact_email:
        return str(advice)
    organizers = _("Organizers: %(email)s", email=edition.contact_email)
    return f"{advice}\n{organizers}"


def _shown_person(attendee: AttendeeRow, actor: Actor) -> dict[str, Any]:
    status = [str(ATTENDEE_STATES[attendee.state])]
    if not attendee.is_paid:
        status.append(_("Not paid"))
    links = [{"text": _("View registration"), "url": url_for("organizer_attendees.show_attendee", code=attendee.code)}]
    may_check_in = all(actor.may(each, attendee.edition_id) for each in (Permission.ATTENDEES_WRITE, Permission.SCAN))
    if may_check_in and attendee.state is AttendeeState.CONFIRMED:
        links.insert(
            0, {"text": _("Check in manually"), "url": url_for("desk_corrections.check_in", code=attendee.code)}
        )
    return {
        "word": " · ".join(status),
        "advice": _(
            "A code alone is not enough to check someone in. Verify their identity, then check them in manually."
        ),
        "attendee": {
            "name": attendee.name,
            "latin_name": attendee.latin_name,
            "company": attendee.company,
            "country": country_name(attendee.country),
            "ticket_type": localized(attendee.ticket_type_name),
            "band": attendee.band,
        },
        "links": links,
    }
