"""The ticket types that a form offers, those that only organizers issue first."""

from expo.editions.queries import EditionFacts
from expo.infra.clock import utcnow
from expo.tickets.queries import list_ticket_types
from expo.web.kit.language import localized


def ticket_choices(edition: EditionFacts, chosen: str | None = None) -> list[tuple[str, str]]:
    """Return codes with names; a chosen type that no longer exists can still be seen and unchosen."""
    rows = sorted(list_ticket_types(edition.id, utcnow()), key=lambda each: each.is_public)
    choices = [(each.code, localized(each.name)) for each in rows]
    if chosen and chosen not in {code for code, _name in choices}:
        choices.append((chosen, chosen))
    return choices
