"""Why somebody is refused at a door, in a word, and what to do about it in one line; why staff let them in anyway."""

from dataclasses import dataclass

from flask_babel import LazyString, lazy_gettext as _l

from expo.checkin.rules import ForceReason, Reason, Verdict


@dataclass(frozen=True)
class ReasonText:
    """A reason as people read it."""

    word: LazyString
    advice: LazyString


REASON_TEXTS: dict[Reason, ReasonText] = {
    Reason.UNKNOWN_TOKEN: ReasonText(
        _l("Not a badge"),
        _l("This code could not be read, or is not of this expo. Scan it again, or send them to the help desk."),
    ),
    Reason.BAD_SIGNATURE: ReasonText(
        _l("Not genuine"), _l("This code was not made by this expo. Keep the badge and call the team leader.")
    ),
    Reason.WRONG_EDITION: ReasonText(
        _l("Other expo"), _l("This badge is from another edition. Send them to the help desk for a new one.")
    ),
    Reason.REVOKED: ReasonText(
        _l("Replaced"), _l("This badge was replaced or withdrawn. Ask for the new one, or send them to the help desk.")
    ),
    Reason.CANCELLED: ReasonText(_l("Cancelled"), _l("The registration was cancelled. Send them to the help desk.")),
    Reason.UNPAID: ReasonText(_l("Not paid"), _l("The payment is missing. Send them to the help desk to pay.")),
    Reason.NOT_APPROVED: ReasonText(
        _l("Not approved"), _l("The registration is not confirmed yet. Send them to the help desk.")
    ),
    Reason.NOT_YET_VALID: ReasonText(
        _l("Too early"), _l("The badge is valid from a later day. Check the days printed on it.")
    ),
    Reason.EXPIRED: ReasonText(_l("Expired"), _l("The days of this badge are over. Send them to the help desk.")),
    Reason.WRONG_TICKET_TYPE: ReasonText(
        _l("Wrong ticket"), _l("This kind of ticket does not open this door. Show them the main entrance.")
    ),
    Reason.WRONG_CHECKPOINT: ReasonText(
        _l("Door closed"), _l("This checkpoint is closed. Check which one you have chosen, or ask the team leader.")
    ),
    Reason.ALREADY_ADMITTED: ReasonText(
        _l("Already inside"), _l("This badge came in before. Look at the name and ask who they are.")
    ),
    Reason.NOT_INSIDE: ReasonText(_l("Not inside"), _l("This badge was not scanned on the way in. Let them out.")),
    Reason.ZONE_FULL: ReasonText(
        _l("Full"), _l("No more people may be inside. Ask them to wait until somebody leaves.")
    ),
    Reason.RULE: ReasonText(_l("Outside hours"), _l("This door admits nobody at this time. Tell them when it opens.")),
}

_GOODBYE = _l("Goodbye")

# Nobody is held back on the way out: the scan that is not in order is noted, and they leave.
EXIT_TEXTS: dict[Reason, ReasonText] = {
    Reason.UNKNOWN_TOKEN: ReasonText(
        _l("Not a badge"), _l("This code could not be read, so no exit was recorded. Scan it again, or let them out.")
    ),
    Reason.BAD_SIGNATURE: ReasonText(
        _l("Not genuine"), _l("This code was not made by this expo. Let them out and tell the team leader.")
    ),
    Reason.WRONG_EDITION: ReasonText(_l("Other expo"), _l("This badge is from another edition. Let them out.")),
    Reason.WRONG_CHECKPOINT: ReasonText(
        _l("Door closed"), _l("This checkpoint is closed, so no exit was recorded. Check which one you have chosen.")
    ),
    Reason.NOT_INSIDE: ReasonText(_GOODBYE, _l("This badge was not scanned on the way in. Let them out.")),
}

FORCE_REASONS: dict[ForceReason, LazyString] = {
    ForceReason.LEFT_UNSCANNED: _l("Left without being scanned"),
    ForceReason.IDENTITY_CHECKED: _l("Identity checked"),
    ForceReason.PAYMENT_SEEN: _l("Proof of payment shown"),
    ForceReason.LEADER_AGREED: _l("Team leader agreed"),
    ForceReason.OTHER: _l("Another reason"),
}

EXIT_VERDICT_WORDS = {
    Verdict.ADMITTED: _GOODBYE,
    Verdict.REFUSED: _l("Not recorded"),
    Verdict.NEEDS_ANSWERS: _l("Ask first"),
}
VERDICT_WORDS = {
    Verdict.ADMITTED: _l("Welcome"),
    Verdict.REFUSED: _l("Stop"),
    Verdict.NEEDS_ANSWERS: _l("Ask first"),
}


def force_words(reason: ForceReason | None, note: str) -> str:
    """Return why somebody was let in against a refusal: the choice, then what was written besides."""
    chosen = str(FORCE_REASONS[reason]) if reason else ""
    return ": ".join(filter(None, (chosen, note)))
