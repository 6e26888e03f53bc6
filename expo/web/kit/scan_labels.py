"""Labels at the doors: kinds of checkpoints, verdicts, refusal reasons with advice, and reasons to override them."""

from dataclasses import dataclass

from flask_babel import LazyString, gettext, lazy_gettext as _l

from expo.checkin.rules import CheckpointKind, ForceReason, Reason, Verdict


@dataclass(frozen=True)
class ReasonText:
    """A refusal reason as people read it."""

    word: LazyString
    advice: LazyString


REASON_TEXTS: dict[Reason, ReasonText] = {
    Reason.UNKNOWN_TOKEN: ReasonText(
        _l("Not a badge"),
        _l(
            "This code could not be read or does not belong to this expo. Scan it again, or send them to the help desk."
        ),
    ),
    Reason.BAD_SIGNATURE: ReasonText(
        _l("Not genuine"), _l("This code was not issued by this expo. Keep the badge and call the team leader.")
    ),
    Reason.WRONG_EDITION: ReasonText(
        _l("Different expo"), _l("This badge is for a different expo. Send them to the help desk to get a new one.")
    ),
    Reason.REVOKED: ReasonText(
        _l("Replaced"),
        _l("This badge has been replaced or revoked. Ask for the new one, or send them to the help desk."),
    ),
    Reason.CANCELLED: ReasonText(
        _l("Cancelled"), _l("The registration has been cancelled. Send them to the help desk.")
    ),
    Reason.UNPAID: ReasonText(_l("Not paid"), _l("The order has not been paid. Send them to the help desk to pay.")),
    Reason.NOT_APPROVED: ReasonText(
        _l("Not approved"), _l("The registration has not been confirmed or approved yet. Send them to the help desk.")
    ),
    Reason.NOT_YET_VALID: ReasonText(
        _l("Not valid yet"), _l("This badge is not valid today. Check the dates printed on it.")
    ),
    Reason.EXPIRED: ReasonText(_l("Expired"), _l("This badge is no longer valid. Send them to the help desk.")),
    Reason.WRONG_TICKET_TYPE: ReasonText(
        _l("Wrong ticket"), _l("This ticket is not valid at this checkpoint. Direct them to the main entrance.")
    ),
    Reason.WRONG_CHECKPOINT: ReasonText(
        _l("Checkpoint closed"),
        _l("This checkpoint is closed. Check that you chose the right one, or ask the team leader."),
    ),
    Reason.ALREADY_ADMITTED: ReasonText(
        _l("Already checked in"),
        _l("This badge has already been used to enter. Check the name and ask for identification."),
    ),
    Reason.NOT_INSIDE: ReasonText(_l("Not checked in"), _l("This badge was not scanned on the way in. Let them out.")),
    Reason.ZONE_FULL: ReasonText(_l("Full"), _l("The capacity is reached. Ask them to wait until someone leaves.")),
    Reason.RULE: ReasonText(
        _l("Not admitted now"),
        _l("The opening hours or the rule of this checkpoint do not allow this entry. Tell them when and where to go."),
    ),
}

# In place of the word of `rule` if what is missing is an add-on; for tickets it is that of `wrong_ticket_type`.
WITHOUT_ADD_ON = _l("Not booked")


def advise_without_add_on(names: str) -> str:
    """Return what to do with somebody who lacks one of these add-ons."""
    return str(
        gettext("This entrance is for the add-on %(names)s. Send them to the help desk to book it.", names=names)
    )


def advise_without_ticket(names: str) -> str:
    """Return what to do with somebody who has none of these tickets, and of these tickets and add-ons."""
    return str(gettext("This entrance requires %(names)s. Send them to the help desk.", names=names))


_GOODBYE = _l("Goodbye")

# Exits are never refused: the problem is recorded, and the person leaves.
EXIT_TEXTS: dict[Reason, ReasonText] = {
    Reason.UNKNOWN_TOKEN: ReasonText(
        _l("Not a badge"), _l("This code could not be read, so no exit was recorded. Scan it again, or let them out.")
    ),
    Reason.BAD_SIGNATURE: ReasonText(
        _l("Not genuine"), _l("This code was not issued by this expo. Let them out and tell the team leader.")
    ),
    Reason.WRONG_EDITION: ReasonText(_l("Different expo"), _l("This badge is for a different expo. Let them out.")),
    Reason.WRONG_CHECKPOINT: ReasonText(
        _l("Checkpoint closed"),
        _l("This checkpoint is closed, so no exit was recorded. Check that you chose the right one."),
    ),
    Reason.NOT_INSIDE: ReasonText(_GOODBYE, _l("This badge was not scanned on the way in. Let them out.")),
}

CHECKPOINT_KINDS: dict[CheckpointKind, LazyString] = {
    CheckpointKind.GATE: _l("Gate"),
    CheckpointKind.HALL: _l("Hall"),
    CheckpointKind.SESSION: _l("Session"),
    CheckpointKind.WORKSHOP: _l("Workshop"),
    CheckpointKind.LOUNGE: _l("Lounge"),
    CheckpointKind.EXIT: _l("Exit only"),
}

FORCE_REASONS: dict[ForceReason, LazyString] = {
    ForceReason.LEFT_UNSCANNED: _l("Left without being scanned"),
    ForceReason.IDENTITY_CHECKED: _l("Identity verified"),
    ForceReason.PAYMENT_SEEN: _l("Showed proof of payment"),
    ForceReason.LEADER_AGREED: _l("Approved by team leader"),
    ForceReason.OTHER: _l("Other reason"),
}

EXIT_VERDICT_LABELS = {
    Verdict.ADMITTED: _GOODBYE,
    Verdict.REFUSED: _l("Not recorded"),
    Verdict.NEEDS_ANSWERS: _l("Check first"),
}
VERDICT_LABELS = {
    Verdict.ADMITTED: _l("Welcome"),
    Verdict.REFUSED: _l("Refused"),
    Verdict.NEEDS_ANSWERS: _l("Check first"),
}


def force_label(reason: ForceReason | None, note: str) -> str:
    """Return why a refusal was overridden: the chosen reason, then the note."""
    chosen = str(FORCE_REASONS[reason]) if reason else ""
    return ": ".join(filter(None, (chosen, note)))
