"""The files of one's own public sessions, which attendees can download: upload, replace, delete."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from expo.infra.clock import utcnow
from expo.program.errors import SessionMissing
from expo.program.queries import SessionRow, get_session, list_materials, speaks_in
from expo.program.services import add_material, remove_material, replace_material
from expo.web.kit.access import Audience, audience_blueprint, current_actor, current_edition, current_person_id
from expo.web.kit.materials import ACCEPT, Refused, max_megabytes, store_uploaded

blueprint = audience_blueprint(
    "speaker_materials", __name__, Audience.SIGNED_IN, url_prefix="/speaker/sessions/<slug>/files"
)


@blueprint.get("", strict_slashes=False)
def show(slug: str) -> str:
    """Show the files of a session of one's own, with forms to upload, replace and delete them."""
    return _render(_own_session(slug))


@blueprint.post("")
def upload(slug: str) -> Response | tuple[str, int]:
    """Add a file; if it is refused, the form says why and keeps the title."""
    row = _own_session(slug)
    actor, edition_id, title = current_actor(), current_edition().id, request.form.get("title", "")
    reason = store_uploaded(
        lambda content, name, media_type: add_material(
            actor, edition_id, slug, content, name, media_type, utcnow(), title=title
        )
    )
    return (_render(row, Refused(reason, title)), 422) if reason else _back(slug)


@blueprint.post("/<key>/replace")
def replace(slug: str, key: str) -> Response:
    """Replace a file by another."""
    _own_session(slug)
    actor, edition_id = current_actor(), current_edition().id
    reason = store_uploaded(
        lambda content, name, media_type: replace_material(
            actor, edition_id, slug, key, content, name, media_type, utcnow()
        )
    )
    if reason:
        flash(reason, "danger")
    return _back(slug)


@blueprint.post("/<key>/delete")
def delete(slug: str, key: str) -> Response:
    """Delete a file."""
    _own_session(slug)
    remove_material(current_actor(), current_edition().id, slug, key, utcnow())
    flash(_("The file has been deleted."), "success")
    return _back(slug)


def _own_session(slug: str) -> SessionRow:
    """Return a public session in which the person speaks. Raises SessionMissing."""
    edition = current_edition()
    if not speaks_in(edition.id, slug, current_person_id()):
        raise SessionMissing
    return get_session(edition.id, slug).row


def _render(row: SessionRow, refused: Refused | None = None) -> str:
    return render_template(
        "speaker/materials.html",
        row=row,
        materials=list_materials(row.id),
        accept=ACCEPT,
        megabytes=max_megabytes(),
        refused=refused,
    )


def _back(slug: str) -> Response:
    return redirect(url_for("speaker_materials.show", slug=slug))
