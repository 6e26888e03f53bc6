"""The demo's exhibitors: the categories that they are listed under, in both languages."""

from expo.demo.drawing import read_data
from expo.editions.queries import EditionFacts
from expo.exhibitors.models import Category
from expo.infra.db import db
from expo.pure.slugs import make_slug


def create_categories(edition: EditionFacts) -> None:
    """Create the categories before the companies are imported, which name them in English only."""
    taken: set[str] = set()
    for english, chinese in read_data("categories.json").items():
        name = {"en": english, "zh": chinese}
        db.session.add(Category(edition_id=edition.id, slug=make_slug(english, taken), name=name))
    db.session.flush()
