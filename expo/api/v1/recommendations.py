"""Recommendations for an attendee, with reasons."""

from pydantic import Field

from expo.accounts.rules import Permission
from expo.api.authentication import Call
from expo.api.schemas import Schema
from expo.api.v1.exhibitors import ExhibitorOut, exhibitor_out
from expo.api.v1.program import SessionOut, session_out
from expo.api.v1.version import v1
from expo.editions.queries import get_edition
from expo.matchmaking.queries import (
    PersonMatch,
    read_viewpoint,
    recommend_exhibitors,
    recommend_people,
    recommend_sessions,
)
from expo.matchmaking.rules import TOPICAL_REASONS, Reason, ReasonKind
from expo.profiles.queries import list_interests
from expo.registration.queries import get_attendee

MAX_RECOMMENDATIONS = 50


class RecommendationQuery(Schema):
    """Options for recommendations."""

    limit: int = Field(12, ge=1, le=MAX_RECOMMENDATIONS, description="Maximum number of each kind")


class ReasonOut(Schema):
    """Why something is recommended.

    `shared`: a topic that the attendee seeks and the other offers; `wanted`: one that the attendee offers and the
    other seeks; `alike`: one that both seek; `related`: one near what the attendee seeks. `quiet`: the other states no
    topic, and is shown to fewer people than others; `similar`: like what the attendee chose before. The other kinds
    name their code in `value`.
    """

    kind: ReasonKind
    topic: str = Field(description="Empty if the reason is not a topic")
    value: str = Field("", description="The code of an industry, region, language or purpose")


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


class PersonMatchOut(Schema):
    """A recommended person who agreed to be found by everyone. Neither address nor number is ever included."""

    name: str
    company: str
    job_title: str
    country: str
    headline: str
    score: float = Field(description="From 0 to 1")
    reasons: list[ReasonOut]


class RecommendationsOut(Schema):
    """Recommendations, best first; the last of some lists of companies and people are `quiet`.

    Empty if the attendee has not chosen any topics and starred nothing.
    """

    interests: list[str]
    exhibitors: list[ExhibitorMatchOut]
    sessions: list[SessionMatchOut]
    people: list[PersonMatchOut]


@v1.route("GET", "/attendees/<id>/recommendations", group="Recommendations", permission=Permission.MATCHES_READ)
def get_recommendations(
    call: Call,
    id: str,  # noqa: A002 - the name in the address
    query: RecommendationQuery,
) -> RecommendationsOut:
    """Recommend exhibitors, sessions and people to an attendee."""
    attendee = get_attendee(call.edition_id, id)
    edition = get_edition(call.edition_id)
    view = read_viewpoint(edition, attendee.id)
    return RecommendationsOut(
        interests=list_interests(attendee.id),
        exhibitors=[
            ExhibitorMatchOut(
                exhibitor=exhibitor_out(each.exhibitor), score=each.score, reasons=[_out(why) for why in each.reasons]
            )
            for each in recommend_exhibitors(edition, attendee.id, call.now, query.limit, view)
        ],
        sessions=[
            SessionMatchOut(
                session=session_out(each.session), score=each.score, reasons=[_out(why) for why in each.reasons]
            )
            for each in recommend_sessions(edition, attendee.id, call.now, query.limit, view)
        ],
        people=[_person_out(each) for each in recommend_people(edition, attendee.id, call.now, query.limit, view)],
    )


def _person_out(match: PersonMatch) -> PersonMatchOut:
    person = match.person
    return PersonMatchOut(
        name=person.name,
        company=person.company,
        job_title=person.job_title,
        country=person.country,
        headline=person.profile.headline,
        score=match.score,
        reasons=[_out(why) for why in match.reasons],
    )


def _out(reason: Reason) -> ReasonOut:
    is_topic = reason.kind in TOPICAL_REASONS
    return ReasonOut(kind=reason.kind, topic=reason.code if is_topic else "", value="" if is_topic else reason.code)
