"""Documents of the company: PDF files to download from its page."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from expo.errors import Conflict, Invalid, Missing
from expo.exhibitors.queries import list_documents
from expo.exhibitors.rules import TeamAction
from expo.exhibitors.services import add_document, remove_document
from expo.formats.documents import check_pdf
from expo.infra.clock import utcnow
from expo.web.exhibitor.company_pages import render_company_page
from expo.web.exhibitor.confirmations import Page, confirm_deletion
from expo.web.exhibitor.sections import current_membership, exhibitor_blueprint
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.errors import message_of, message_of_code
from expo.web.kit.uploads import DOCUMENT_MB, is_larger

blueprint = exhibitor_blueprint("exhibitor_documents", __name__, "/documents", TeamAction.EDIT_PAGE)


@blueprint.get("", strict_slashes=False)
def show() -> str:
    """Show the documents, with a form to upload one."""
    return _render()


@blueprint.post("")
def upload() -> Page:
    """Add a document, checked by its content; if it is refused, the form says why and keeps the title."""
    uploaded, title = request.files.get("file"), request.form.get("title", "")
    if uploaded is None or not uploaded.filename:
        return _render(_("Choose a file."), title), 422
    if is_larger(uploaded, DOCUMENT_MB):
        return _render(message_of_code("file_too_large", {"megabytes": DOCUMENT_MB}), title), 422
    name, slug = uploaded.filename, current_membership().slug
    with uploaded.stream as content:
        try:
            check_pdf(content, name)
            add_document(current_actor(), current_edition().id, slug, content, name, title, utcnow())
        except (Conflict, Invalid) as error:
            return _render(message_of(error), title), 422
    flash(_("%(name)s has been uploaded.", name=name), "success")
    return redirect(url_for("exhibitor_documents.show"))


def _render(error: str = "", title: str = "") -> str:
    return render_company_page(
        "exhibitor/documents.html",
        documents=list_documents(current_membership().exhibitor_id),
        megabytes=DOCUMENT_MB,
        error=error,
        title=title,
    )


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
