"""Downloads of the files of public sessions."""

from flask import Response, send_file

from expo.errors import Missing
from expo.infra.files import find_file_by_key
from expo.program.queries import get_session, list_materials
from expo.web.kit.access import Audience, audience_blueprint, current_edition

blueprint = audience_blueprint("public_materials", __name__, Audience.EVERYONE)


@blueprint.get("/sessions/<slug>/files/<key>")
def download(slug: str, key: str) -> Response:
    """Return a file of a public session to download; a replaced file has another address."""
    row = get_session(current_edition().id, slug).row
    if key not in {each.key for each in list_materials(row.id)}:
        raise Missing("file_missing")
    stored = find_file_by_key(key)
    response = send_file(
        stored.path, stored.media_type, as_attachment=True, download_name=stored.name, etag=stored.sha256, max_age=0
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
