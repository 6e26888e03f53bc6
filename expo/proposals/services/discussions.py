"""Acts of reviewers in the discussion of a proposal."""

from datetime import datetime

from expo.accounts.rules import Actor, Permission, require
from expo.errors import Invalid
from expo.infra.audit import record_act
from expo.infra.db import atomic, db
from expo.proposals.errors import ReviewMissing
from expo.proposals.models import ReviewMessage
from expo.proposals.queries.assignments import is_assigned
from expo.proposals.queries.discussions import may_discuss
from expo.proposals.queries.proposals import get_proposal
from expo.proposals.queries.rounds import get_round
from expo.proposals.rules import MAX_COMMENT_LENGTH


def write_message(actor: Actor, edition_id: int, round_slug: str, code: str, text: str, now: datetime) -> None:
    """Add a message to the discussion of a proposal that the actor has reviewed; also after the round has closed.

    Raises RoundMissing, ProposalMissing, ReviewMissing, Invalid `message_empty`, `text_too_long`.
    """
    require(actor, Permission.REVIEW, edition_id)
    text = text.strip()
    if not text:
        raise Invalid("message_empty", field="text")
    if len(text) > MAX_COMMENT_LENGTH:
        raise Invalid("text_too_long", field="text", maximum=MAX_COMMENT_LENGTH)
    with atomic():
        round_, proposal = get_round(edition_id, round_slug), get_proposal(edition_id, code)
        if actor.kind != "person" or actor.id is None or not is_assigned(round_.id, proposal.id, actor.id):
            raise ReviewMissing
        if not may_discuss(round_.id, proposal.id, actor.id):
            raise ReviewMissing
        db.session.add(
            ReviewMessage(round_id=round_.id, proposal_id=proposal.id, person_id=actor.id, text=text, written_at=now)
        )
        db.session.flush()
        record_act(
            actor, "proposals.discuss", now,
            edition_id=edition_id, subject="proposal", subject_id=proposal.id, code=code, round=round_.slug,
        )  # fmt: skip
