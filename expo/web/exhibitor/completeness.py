"""What is missing on a company page, in words, each with the place where it is added."""

from flask import url_for
from flask_babel import lazy_gettext as _l

from expo.exhibitors.rules import WEIGHTS, Completeness, PagePart

# A sentence, and the endpoint with the anchor where the part is added.
PARTS = {
    PagePart.LOGO: (_l("Upload your logo"), "exhibitor_page.edit", "logo"),
    PagePart.TAGLINE: (_l("Add a tagline"), "exhibitor_page.edit", "tagline"),
    PagePart.DESCRIPTION: (_l("Describe your company"), "exhibitor_page.edit", "description"),
    PagePart.LANGUAGES: (
        _l("Describe your company in English and in Chinese"),
        "exhibitor_page.edit",
        "description",
    ),
    PagePart.CATEGORIES: (_l("Choose categories"), "exhibitor_page.edit", "categories"),
    PagePart.TOPICS: (_l("Choose the topics that you offer or seek"), "exhibitor_page.edit", "topics"),
    PagePart.PRODUCTS: (_l("Add a product"), "exhibitor_products.add", None),
    PagePart.PICTURES: (_l("Add a picture of a product"), "exhibitor_products.list_all", None),
    PagePart.WEBSITE: (_l("Add your website"), "exhibitor_page.edit", "website"),
    PagePart.BANNER: (_l("Upload a banner"), "exhibitor_page.edit", "banner"),
    PagePart.DOCUMENTS: (_l("Upload a document, such as a brochure"), "exhibitor_documents.show", None),
}


def describe_missing(page: Completeness) -> list[tuple[str, str, int]]:
    """Return what is missing as (sentence, URL, percent that it adds)."""
    return [
        (str(sentence), url_for(endpoint, _anchor=anchor), WEIGHTS[part])
        for part in page.missing
        for sentence, endpoint, anchor in (PARTS[part],)
    ]
