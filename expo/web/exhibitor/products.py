"""Products of the company: list, add, edit, move, delete with undo, and their pictures."""

import io

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from expo.errors import Conflict, Invalid, Missing
from expo.exhibitors.queries import ProductRow, get_product, list_categories, list_products
from expo.exhibitors.rules import MAX_PRODUCTS, TeamAction
from expo.exhibitors.services import (
    add_product,
    add_product_picture,
    delete_product,
    edit_product,
    move_product,
    remove_product_picture,
    restore_product,
)
from expo.infra.clock import utcnow
from expo.infra.photos import MAX_BYTES, fit_picture
from expo.web.exhibitor.company_pages import render_company_page
from expo.web.exhibitor.confirmations import confirm_deletion
from expo.web.exhibitor.page_forms import ProductForm
from expo.web.exhibitor.sections import current_membership, exhibitor_blueprint
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.errors import message_of
from expo.web.kit.form_pages import show_at_field
from expo.web.kit.formats import number
from expo.web.kit.language import localized, own_language_first

blueprint = exhibitor_blueprint("exhibitor_products", __name__, "/products", TeamAction.EDIT_PAGE)

Page = Response | tuple[str, int]
STEPS = {"up": -1, "down": 1}
BOX = (1200, 1200)


@blueprint.get("", strict_slashes=False)
def list_all() -> str:
    """List the products, and those that can be restored."""
    company_id = current_membership().exhibitor_id
    return render_company_page(
        "exhibitor/products.html",
        products=list_products(company_id),
        deleted=list_products(company_id, deleted=True),
        most=MAX_PRODUCTS,
    )


@blueprint.route("/new", methods=["GET", "POST"])
def add() -> Page:
    """Add a product, then show it for its pictures."""
    return _edit(None)


@blueprint.route("/<int:product_id>", methods=["GET", "POST"])
def edit(product_id: int) -> Page:
    """Change a product and its pictures."""
    return _edit(get_product(current_membership().exhibitor_id, product_id))


@blueprint.post("/<int:product_id>/move/<any(up, down):way>")
def move(product_id: int, way: str) -> Response:
    """Move a product up or down the list."""
    move_product(current_actor(), current_edition().id, current_membership().slug, product_id, STEPS[way], utcnow())
    return redirect(url_for("exhibitor_products.list_all"))


@blueprint.post("/<int:product_id>/delete")
def delete(product_id: int) -> Response:
    """Delete a product; the list offers to restore it."""
    delete_product(current_actor(), current_edition().id, current_membership().slug, product_id, utcnow())
    flash(_("The product has been deleted. You can restore it for seven days."), "success")
    return redirect(url_for("exhibitor_products.list_all", _anchor="deleted"))


@blueprint.post("/<int:product_id>/restore")
def restore(product_id: int) -> Response:
    """Restore a deleted product."""
    restore_product(current_actor(), current_edition().id, current_membership().slug, product_id, utcnow())
    flash(_("The product has been restored."), "success")
    return redirect(url_for("exhibitor_products.list_all"))


@blueprint.post("/<int:product_id>/pictures")
def upload(product_id: int) -> Response:
    """Add a picture; only our own encoding of it is stored."""
    uploaded = request.files.get("photo")
    if uploaded is None or not uploaded.filename:
        flash(_("Choose a file."), "danger")
        return _to_pictures(product_id)
    with uploaded.stream as stream:
        data = stream.read(MAX_BYTES + 1)
    try:
        content, media_type = fit_picture(data, BOX)
        slug = current_membership().slug
        add_product_picture(
            current_actor(), current_edition().id, slug, product_id, io.BytesIO(content), media_type, utcnow()
        )
    except (Conflict, Invalid) as error:
        flash(message_of(error), "danger")
    else:
        flash(_("The picture has been saved."), "success")
    return _to_pictures(product_id)


@blueprint.route("/<int:product_id>/pictures/<key>/delete", methods=["GET", "POST"])
def delete_picture(product_id: int, key: str) -> Page:
    """Delete a picture, after confirmation."""
    membership = current_membership()
    product = get_product(membership.exhibitor_id, product_id)
    if key not in product.pictures:
        raise Missing("file_missing")
    name = localized(dict(product.name))
    return confirm_deletion(
        _("Delete picture %(number)s of %(name)s?", number=number(product.pictures.index(key) + 1), name=name),
        _("Visitors no longer see it. This cannot be undone."),
        _("Delete"),
        (name, url_for("exhibitor_products.edit", product_id=product_id, _anchor="pictures")),
        lambda: remove_product_picture(
            current_actor(), current_edition().id, membership.slug, product_id, key, utcnow()
        ),
        _("The picture has been deleted."),
    )


def _edit(product: ProductRow | None) -> Page:
    edition, slug = current_edition(), current_membership().slug
    form = ProductForm.of(product, list_categories(edition.id))
    if form.validate_on_submit():
        wanted = form.to_request(edition, product)
        try:
            if product:
                edit_product(current_actor(), edition.id, slug, product.id, wanted, utcnow())
                flash(_("Changes saved."), "success")
                return redirect(url_for("exhibitor_products.list_all"))
            product_id = add_product(current_actor(), edition.id, slug, wanted, utcnow())
        except (Conflict, Invalid) as error:
            show_at_field(form, error, "name")
        else:
            flash(_("Product added. Now add pictures."), "success")
            return _to_pictures(product_id)
    html = render_company_page(
        "exhibitor/product.html", form=form, product=product, languages=own_language_first(edition.languages)
    )
    return html, 422 if form.errors else 200


def _to_pictures(product_id: int) -> Response:
    return redirect(url_for("exhibitor_products.edit", product_id=product_id, _anchor="pictures"))
