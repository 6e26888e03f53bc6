"""Recommendations for an attendee's interests, with reasons."""

from typing import Literal

from pydantic import Field

from expo.accounts.rules import Permission
from expo.api.authentication import Call
from expo.api.schemas import Schema
from expo.api.v1.exhibitors import ExhibitorOut, exhibitor_out
from expo.api.v1.program import SessionOut, session_out
from expo.api.v1.version import v1
from expo.editions.queries import get_edition
from expo.matchmaking.queries import recommend_exhibitors, recommend_sessions
from expo.profiles.queries import list_interests
from expo.pure.matching import Reason
from expo.registration.queries import get_attendee

MAX_RECOMMENDATIONS = 50


class RecommendationQuery(Schema):
    """Options for recommendations."""

    limit: int = Field(12, ge=1, le=MAX_RECOMMENDATIONS, description="Maximum number of each kind")


class ReasonOut(Schema):
    """Why an item is recommended: a shared topic, or one related to the attendee's topics."""

    kind: Literal["shared", "related"]
    topic: str


class ExhibitorMatchOut(Schema):
    """A recommended exhibitor."""

    exhibitor: ExhibitorOut
    score: float = Field(description="From 0 to 1")
    reasons: list[ReasonOut]


class SessionMatchOut(Schema):
    """A recommended session."""

    session: SessionOut
    score: float = Field(description="From 0 to 1")
    reasons: list[ReasonOut]


class RecommendationsOut(Schema):
    """Recommendations, best first. Empty if the attendee has not chosen any interests."""

    interests: list[str]
    exhibitors: list[ExhibitorMatchOut]
    sessions: list[SessionMatchOut]


@v1.route("GET", "/attendees/<id>/recommendations", group="Recommendations", permission=Permission.MATCHES_READ)
def get_recommendations(
    call: Call,
    id: str,  # noqa: A002 - the name in the address
    query: RecommendationQuery,
) -> RecommendationsOut:
    """Recommend exhibitors and sessions to an attendee."""
    attendee = get_attendee(call.edition_id, id)
    edition = get_edition(call.edition_id)
    return RecommendationsOut(
        interests=list_interests(attendee.id),
        exhibitors=[
            ExhibitorMatchOut(
                exhibitor=exhibitor_out(each.exhibitor), score=each.score, reasons=[_out(why) for why in each.reasons]
            )
            for each in recommend_exhibitors(edition, attendee.id, query.limit)
        ],
        sessions=[
            SessionMatchOut(
                session=session_out(each.session), score=each.score, reasons=[_out(why) for why in each.reasons]
            )
            for each in recommend_sessions(edition, attendee.id, query.limit)
        ],
    )


def _out(reason: Reason) -> ReasonOut:
    return ReasonOut(kind=reason.kind, topic=reason.topic)
