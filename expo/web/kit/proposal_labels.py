"""Labels of calls and proposals, for speakers and organizers."""

from flask_babel import lazy_gettext as _l

from expo.proposals.rules import CallState, ProposalState

CALL_STATES = {
    CallState.UPCOMING: _l("Not open yet"),
    CallState.OPEN: _l("Accepting proposals"),
    CallState.CLOSED: _l("Closed"),
}
ROUND_STATES = {
    CallState.UPCOMING: _l("Not open yet"),
    CallState.OPEN: _l("Accepting reviews"),
    CallState.CLOSED: _l("Closed"),
}
PROPOSAL_STATES = {
    ProposalState.DRAFT: _l("Draft"),
    ProposalState.SUBMITTED: _l("Submitted"),
    ProposalState.WAITLISTED: _l("On the waiting list"),
    ProposalState.ACCEPTED: _l("Accepted"),
    ProposalState.CONFIRMED: _l("Confirmed"),
    ProposalState.REJECTED: _l("Rejected"),
    ProposalState.WITHDRAWN: _l("Withdrawn"),
}
# How a status looks: see components/states.html.
PROPOSAL_TONES = {
    ProposalState.DRAFT: "plain",
    ProposalState.SUBMITTED: "wait",
    ProposalState.WAITLISTED: "wait",
    ProposalState.ACCEPTED: "yes",
    ProposalState.CONFIRMED: "yes",
    ProposalState.REJECTED: "no",
    ProposalState.WITHDRAWN: "no",
}
# What the speaker can do next, or has to wait for.
NEXT_STEPS = {
    ProposalState.DRAFT: _l("Complete and submit it before the deadline."),
    ProposalState.SUBMITTED: _l("The organizers will decide. You do not need to do anything."),
    ProposalState.WAITLISTED: _l("The organizers will write to you if a slot becomes free."),
    ProposalState.ACCEPTED: _l("Confirm that you will take part."),
    ProposalState.CONFIRMED: _l("Send your photo and slides by their deadlines."),
    ProposalState.REJECTED: _l("The organizers could not include it in the programme."),
    ProposalState.WITHDRAWN: _l("You do not need to do anything."),
}
