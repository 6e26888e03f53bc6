"""Save a company's page: the topics that it offers and seeks come from the topic list."""

from datetime import datetime

from expo.accounts.rules import Actor
from expo.errors import Invalid
from expo.exhibitors.rules import PageRequest
from expo.exhibitors.services import save_page
from expo.matchmaking.rules import topic_list


def save_company_page(actor: Actor, edition_id: int, slug: str, request: PageRequest, now: datetime) -> None:
    """Save a page. Raises Invalid `topic_unknown`, and what `save_page` raises."""
    for field, topics in (("offers", request.offers), ("seeks", request.seeks)):
        for topic in topics:
            if topic not in topic_list().codes:
                raise Invalid("topic_unknown", field=field, topic=topic[:48])
    save_page(actor, edition_id, slug, request, now)
