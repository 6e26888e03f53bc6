"""The files of a session: upload, replace, delete, download."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from expo.accounts.rules import Permission
from expo.errors import Missing
from expo.infra.clock import utcnow
from expo.infra.files import find_file_by_key
from expo.program.queries import get_any_session, list_materials
from expo.program.services import add_material, remove_material, replace_material
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.materials import ACCEPT, Refused, max_megabytes, store_uploaded
from expo.web.kit.stored_files import stored_file_response
from expo.web.organizer.sections import section_blueprint

blueprint = section_blueprint(
    "organizer_session_materials", __name__, "/program/sessions/<slug>/files", Permission.PROGRAM_MANAGE
)


@blueprint.get("", strict_slashes=False)
def show(slug: str) -> str:
    """Show the files of a session, with forms to upload, replace and delete them."""
    return _render(slug)


@blueprint.post("")
def upload(slug: str) -> AnyResponse | tuple[str, int]:
    """Add a file; if it is refused, the form says why and keeps the title."""
    actor, edition_id, title = current_actor(), current_edition().id, request.form.get("title", "")
    reason = store_uploaded(
        lambda content, name, media_type: add_material(
            actor, edition_id, slug, content, name, media_type, utcnow(), title=title
        )
    )
    return (_render(slug, Refused(reason, title)), 422) if reason else _back(slug)


@blueprint.post("/<key>/replace")
def replace(slug: str, key: str) -> AnyResponse:
    """Replace a file by another."""
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
def delete(slug: str, key: str) -> AnyResponse:
    """Delete a file."""
    remove_material(current_actor(), current_edition().id, slug, key, utcnow())
    flash(_("The file has been deleted."), "success")
    return _back(slug)


@blueprint.get("/<key>")
def download(slug: str, key: str) -> Response:
    """Return a file, even of a draft."""
    session = get_any_session(current_edition().id, slug)
    if key not in {each.key for each in list_materials(session.row.id)}:
        raise Missing("file_missing")
    return stored_file_response(find_file_by_key(key))


def _render(slug: str, refused: Refused | None = None) -> str:
    session = get_any_session(current_edition().id, slug)
    return render_template(
        "organizer/sessions/materials.html",
        row=session.row,
        materials=list_materials(session.row.id),
        accept=ACCEPT,
        megabytes=max_megabytes(),
        refused=refused,
    )


def _back(slug: str) -> AnyResponse:
    return redirect(url_for("organizer_session_materials.show", slug=slug))
