"""Change the topics of an edition, and tag its companies and sessions with them."""

from datetime import datetime

from expo.accounts.rules import SYSTEM, Actor
from expo.exhibitors import services
from expo.exhibitors.rules import TopicRequest, read_topics
from expo.infra.confined import DEFAULT_LIMITS, run_confined
from expo.infra.db import atomic
from expo.matchmaking.services import tag_exhibitors, tag_sessions


def save_topic(actor: Actor, edition_id: int, request: TopicRequest, now: datetime) -> str:
    """Add or change a topic and return its code. Raises PermissionMissing, Invalid."""
    with atomic():
        code = services.save_topic(actor, edition_id, request, now)
        _tag(edition_id, now)
        return code


def reset_topic(actor: Actor, edition_id: int, code: str, now: datetime) -> None:
    """Delete an added topic, or undo the changes of a bundled one. Raises PermissionMissing, Missing, Conflict."""
    with atomic():
        services.reset_topic(actor, edition_id, code, now)
        _tag(edition_id, now)


def import_topics(actor: Actor, edition_id: int, data: bytes, now: datetime) -> int:
    """Add and change the topics of a file and return their number. Raises BadFile, Conflict, Invalid, ParsingFailed."""
    wanted = run_confined(DEFAULT_LIMITS, read_topics, data)
    with atomic():
        count = services.import_topics(actor, edition_id, wanted, now)
        _tag(edition_id, now)
        return count


def _tag(edition_id: int, now: datetime) -> None:
    """Tag by the new topics; people who may change topics need not be allowed to change the programme."""
    tag_exhibitors(SYSTEM, edition_id, now)
    tag_sessions(SYSTEM, edition_id, now)
