"""The expo's contact address, at which organizers receive what people write to them."""

from expo.accounts.queries import find_person_by_email
from expo.editions.queries import EditionFacts


def contact_language(edition: EditionFacts) -> str:
    """Return the language in which organizers are written to: that of the address's account, or the expo's first."""
    person = find_person_by_email(edition.contact_email)
    return person.language if person is not None else edition.languages[0]
