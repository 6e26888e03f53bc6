"""The company page: texts, links, categories and topics; logo and banner; preview."""

import io

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from expo.errors import Conflict, Invalid
from expo.exhibitors.queries import CompanyPage, get_page, list_categories, list_topics
from expo.exhibitors.rules import MAX_TOPICS, PictureKind, TeamAction
from expo.exhibitors.services import remove_picture, set_picture
from expo.flows.exhibitor_texts import save_page
from expo.infra.clock import utcnow
from expo.infra.photos import MAX_BYTES, fit_picture
from expo.pure.topics import name_in
from expo.web.exhibitor.company_pages import render_company_page
from expo.web.exhibitor.completeness import describe_missing
from expo.web.exhibitor.confirmations import confirm_deletion
from expo.web.exhibitor.page_forms import PageForm
from expo.web.exhibitor.sections import current_membership, exhibitor_blueprint
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.company_pages import file_response, render_company
from expo.web.kit.errors import message_of
from expo.web.kit.form_pages import show_at_field
from expo.web.kit.language import current_language, own_language_first

blueprint = exhibitor_blueprint("exhibitor_page", __name__, "/page", TeamAction.EDIT_PAGE)

# The largest width and height of each picture, in pixels; logos stay transparent.
BOXES = {PictureKind.LOGO: (600, 600), PictureKind.BANNER: (1600, 600)}


@blueprint.route("", methods=["GET", "POST"], strict_slashes=False)
def edit() -> AnyResponse | tuple[str, int]:
    """Show and save the company page."""
    edition, page = current_edition(), _get_page()
    form = PageForm.of(page, list_categories(edition.id))
    offers, seeks = list(page.offers), list(page.seeks)
    error = None
    if request.method == "POST":
        offers, seeks = request.form.getlist("offers"), request.form.getlist("seeks")
    if form.validate_on_submit():
        wanted = form.to_request(edition, page, offers, seeks)
        try:
            save_page(current_actor(), edition.id, page.company.slug, wanted, utcnow())
        except Invalid as refused:
            if refused.params.get("field") in ("offers", "seeks"):
                error = message_of(refused)
            else:
                show_at_field(form, refused, "tagline")
        else:
            flash(_("Your company page has been saved."), "success")
            return redirect(url_for("exhibitor_page.edit"))
    html = render_company_page(
        "exhibitor/page.html",
        form=form,
        page=page,
        missing=describe_missing(page.completeness),
        languages=own_language_first(edition.languages),
        groups=_list_topics(),
        chosen={"offers": offers, "seeks": seeks},
        topics_error=error,
        most_topics=MAX_TOPICS,
    )
    return html, 422 if form.errors or error else 200


@blueprint.post("/<any(logo, banner):kind>")
def upload(kind: str) -> AnyResponse:
    """Replace the logo or banner; only our own encoding of it is stored."""
    uploaded, picture = request.files.get("photo"), PictureKind(kind)
    if uploaded is None or not uploaded.filename:
        flash(_("Choose a file."), "danger")
        return _back(kind)
    with uploaded.stream as stream:
        data = stream.read(MAX_BYTES + 1)
    try:
        content, media_type = fit_picture(data, BOXES[picture], keeps_transparency=picture is PictureKind.LOGO)
        slug = current_membership().slug
        set_picture(current_actor(), current_edition().id, slug, picture, io.BytesIO(content), media_type, utcnow())
    except (Conflict, Invalid) as error:
        flash(message_of(error), "danger")
    else:
        flash(_("The picture has been saved."), "success")
    return _back(kind)


@blueprint.route("/<any(logo, banner):kind>/delete", methods=["GET", "POST"])
def delete_picture(kind: str) -> AnyResponse | tuple[str, int]:
    """Remove the logo or banner, after confirmation."""
    slug = current_membership().slug
    return confirm_deletion(
        _("Delete the logo?") if kind == "logo" else _("Delete the banner?"),
        _("Visitors no longer see it. This cannot be undone."),
        _("Delete"),
        (_("Company page"), url_for("exhibitor_page.edit", _anchor=kind)),
        lambda: remove_picture(current_actor(), current_edition().id, slug, PictureKind(kind), utcnow()),
        _("The picture has been deleted."),
    )


@blueprint.get("/preview")
def preview() -> str:
    """Show the page as visitors see it, also before it is public."""
    return render_company(
        current_edition(),
        _get_page(),
        lambda key: url_for("exhibitor_page.show_file", key=key),
        preview_of=current_membership(),
    )


@blueprint.get("/files/<key>")
def show_file(key: str) -> Response:
    """Return a picture or document of the page, also before it is public."""
    response = file_response(_get_page(), key)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _get_page() -> CompanyPage:
    return get_page(current_edition().id, current_membership().slug)


def _list_topics() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the groups of topics with their (code, name) in the reader's language."""
    topics, language = list_topics(current_edition().id), current_language().tag
    return [
        (
            name_in(group.names, language),
            [
                (each.code, name_in(each.names, language))
                for each in topics.topics
                if each.group == group.code and not each.is_hidden
            ],
        )
        for group in topics.groups
    ]


def _back(anchor: str) -> AnyResponse:
    return redirect(url_for("exhibitor_page.edit", _anchor=anchor))
