"""Pictures and documents of the companies that visitors may see."""

from flask import Response

from expo.exhibitors.queries import get_public_page, has_public_picture
from expo.web.kit.access import Audience, audience_blueprint, current_edition
from expo.web.kit.company_pages import file_response, picture_response

blueprint = audience_blueprint("public_company_files", __name__, Audience.EVERYONE)


@blueprint.get("/exhibitors/<slug>/files/<key>")
def show_file(slug: str, key: str) -> Response:
    """Return a picture to show or a document to download; a replaced file has another address."""
    edition = current_edition()
    # A list shows many logos, so pictures are looked up without reading the page.
    if has_public_picture(edition.id, slug, key):
        return picture_response(key)
    return file_response(get_public_page(edition.id, slug), key)
