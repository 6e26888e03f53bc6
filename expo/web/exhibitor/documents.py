"""Documents of the company: PDF files to download from its page."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from expo.errors import Conflict, Invalid, Missing
from expo.exhibitors.queries import list_documents
from expo.exhibitors.rules import MAX_DOCUMENT_MB, TeamAct
from expo.exhibitors.services import add_document, remove_document
from expo.formats.documents import check_pdf
from expo.infra.clock import utcnow
from expo.web.exhibitor.company_pages import render_company_page
from expo.web.exhibitor.confirmations import Page, confirm_deletion
from expo.web.exhibitor.sections import current_membership, exhibitor_blueprint
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.errors import message_of, message_of_code

blueprint = exhibitor_blueprint("exhibitor_documents", __name__, "/documents", TeamAct.EDIT_PAGE)


@blueprint.get("", strict_slashes=False)
def show() -> str:
    """Show the documents, with a form to upload one."""
    return render_company_page(
        "exhibitor/documents.html",
        documents=list_documents(current_membership().exhibitor_id),
        megabytes=MAX_DOCUMENT_MB,
    )


@blueprint.post("")
def upload() -> Response:
    """Add a document, checked by its content."""
    uploaded = request.files.get("file")
    if uploaded is None or not uploaded.filename:
        flash(_("Choose a file."), "danger")
        return redirect(url_for("exhibitor_documents.show"))
    name, title = uploaded.filename, request.form.get("title", "")
    with uploaded.stream as content:
        if content.seek(0, 2) > MAX_DOCUMENT_MB * 1024 * 1024:
            flash(message_of_code("file_too_large", {"megabytes": MAX_DOCUMENT_MB}), "danger")
            return redirect(url_for("exhibitor_documents.show"))
        try:
            check_pdf(content, name)
            slug = current_membership().slug
            add_document(current_actor(), current_edition().id, slug, content, name, title, utcnow())
        except (Conflict, Invalid) as error:
            flash(message_of(error), "danger")
        else:
            flash(_("%(name)s has been uploaded.", name=name), "success")
    return redirect(url_for("exhibitor_documents.show"))


@blueprint.route("/<key>/delete", methods=["GET", "POST"])
def delete(key: str) -> Page:
    """Delete a document, after confirmation."""
    membership = current_membership()
    document = next((each for each in list_documents(membership.exhibitor_id) if each.key == key), None)
    if document is None:
        raise Missing("file_missing")
    return confirm_deletion(
        _("Delete “%(name)s”?", name=document.label),
        _("Visitors can no longer download it. This cannot be undone."),
        _("Delete document"),
        (_("Documents"), url_for("exhibitor_documents.show")),
        lambda: remove_document(current_actor(), current_edition().id, membership.slug, key, utcnow()),
        _("The file has been deleted."),
    )
