"""Acts on the products of a company: add, edit, move, delete, restore, and their pictures."""

from datetime import datetime
from typing import IO

from sqlalchemy import func, select

from expo.accounts.rules import Actor
from expo.errors import Conflict, Invalid, Missing
from expo.exhibitors.models import Category, Exhibitor, Product, ProductPicture
from expo.exhibitors.queries.members import require_member
from expo.exhibitors.rules import TeamAction
from expo.exhibitors.rules.products import MAX_PICTURES, MAX_PRODUCTS, RESTORABLE_FOR, ProductRequest, check_product
from expo.exhibitors.services.pages import lock_exhibitor, record_on_company
from expo.infra.db import atomic, db, retried
from expo.infra.files import StoredFile, delete_file, store_file


@retried
def add_product(actor: Actor, edition_id: int, slug: str, request: ProductRequest, now: datetime) -> int:
    """Add a product at the end and return its id.

    Raises ExhibitorMissing, PermissionMissing, Invalid (see `check_product`), `category_unknown`, Conflict
    `products_too_many`.
    """
    wanted = check_product(request)
    with atomic():
        company = _lock_own(actor, edition_id, slug)
        last, count = db.session.execute(
            select(func.max(Product.position), func.count()).where(
                Product.exhibitor_id == company.id, Product.deleted_at.is_(None)
            )
        ).one()
        if count >= MAX_PRODUCTS:
            raise Conflict("products_too_many", maximum=MAX_PRODUCTS)
        product = Product(
            exhibitor_id=company.id,
            position=(last or 0) + 1,
            name=dict(wanted.name),
            text=dict(wanted.text),
            link=wanted.link,
            category_id=_find_category(edition_id, wanted.category),
        )
        db.session.add(product)
        db.session.flush()
        record_on_company(actor, "exhibitors.add_product", company, now, product=product.id)
        return product.id


@retried
def edit_product(
    actor: Actor, edition_id: int, slug: str, product_id: int, request: ProductRequest, now: datetime
) -> None:
    """Change a product. Raises as `add_product`, and Missing `product_missing`."""
    wanted = check_product(request)
    with atomic():
        company = _lock_own(actor, edition_id, slug)
        product = _find_product(company, product_id)
        product.name, product.text, product.link = dict(wanted.name), dict(wanted.text), wanted.link
        product.category_id = _find_category(edition_id, wanted.category)
        record_on_company(actor, "exhibitors.edit_product", company, now, product=product.id)


@retried
def move_product(actor: Actor, edition_id: int, slug: str, product_id: int, step: int, now: datetime) -> None:
    """Move a product up (-1) or down (1). Raises ExhibitorMissing, PermissionMissing, Missing `product_missing`."""
    with atomic():
        company = _lock_own(actor, edition_id, slug)
        product = _find_product(company, product_id)
        others = list(
            db.session.scalars(
                select(Product)
                .where(Product.exhibitor_id == company.id, Product.deleted_at.is_(None))
                .order_by(Product.position, Product.id)
            )
        )
        at = others.index(product)
        others.insert(max(at + step, 0), others.pop(at))
        for position, each in enumerate(others, 1):
            each.position = position
        record_on_company(actor, "exhibitors.move_product", company, now, product=product.id)


@retried
def delete_product(actor: Actor, edition_id: int, slug: str, product_id: int, now: datetime) -> None:
    """Delete a product; it can be restored for some days.

    Raises ExhibitorMissing, PermissionMissing, Missing `product_missing`.
    """
    with atomic():
        company = _lock_own(actor, edition_id, slug)
        product = _find_product(company, product_id)
        product.deleted_at = now
        record_on_company(actor, "exhibitors.delete_product", company, now, product=product.id)


@retried
def restore_product(actor: Actor, edition_id: int, slug: str, product_id: int, now: datetime) -> None:
    """Restore a deleted product. Raises ExhibitorMissing, PermissionMissing, Missing `product_missing`."""
    with atomic():
        company = _lock_own(actor, edition_id, slug)
        product = _find_product(company, product_id, deleted=True)
        product.deleted_at = None
        record_on_company(actor, "exhibitors.restore_product", company, now, product=product.id)


@retried
def add_product_picture(
    actor: Actor, edition_id: int, slug: str, product_id: int, content: IO[bytes], media_type: str, now: datetime
) -> None:
    """Add a picture, which was encoded by us, to a product.

    Raises ExhibitorMissing, PermissionMissing, Missing `product_missing`, Conflict `pictures_too_many`.
    """
    content.seek(0)
    with atomic():
        company = _lock_own(actor, edition_id, slug)
        product = _find_product(company, product_id)
        count = db.session.scalar(select(func.count()).where(ProductPicture.product_id == product.id)) or 0
        if count >= MAX_PICTURES:
            raise Conflict("pictures_too_many", maximum=MAX_PICTURES)
        name = f"product.{media_type.rpartition('/')[2]}"
        stored = store_file(content, name, media_type, now, edition_id)
        db.session.add(ProductPicture(file_id=stored.id, product_id=product.id))
        record_on_company(actor, "exhibitors.add_product_picture", company, now, product=product.id)


@retried
def remove_product_picture(actor: Actor, edition_id: int, slug: str, product_id: int, key: str, now: datetime) -> None:
    """Delete a picture of a product.

    Raises ExhibitorMissing, PermissionMissing, Missing `product_missing` or `file_missing`.
    """
    with atomic():
        company = _lock_own(actor, edition_id, slug)
        product = _find_product(company, product_id)
        picture = db.session.scalars(
            select(ProductPicture)
            .join(StoredFile, StoredFile.id == ProductPicture.file_id)
            .where(ProductPicture.product_id == product.id, StoredFile.key == key)
        ).one_or_none()
        if picture is None:
            raise Missing("file_missing")
        _delete_picture(picture)
        record_on_company(actor, "exhibitors.remove_product_picture", company, now, product=product.id)


def purge_products(now: datetime) -> int:
    """Remove the products that can no longer be restored, with their pictures, and return their number."""
    with atomic():
        expired = list(db.session.scalars(select(Product).where(Product.deleted_at < now - RESTORABLE_FOR)))
        delete_products(expired)
        return len(expired)


def delete_products(products: list[Product]) -> None:
    """Remove products for good, with their pictures, in the open transaction."""
    ids = [product.id for product in products]
    for picture in list(db.session.scalars(select(ProductPicture).where(ProductPicture.product_id.in_(ids)))):
        _delete_picture(picture)
    for product in products:
        db.session.delete(product)
    db.session.flush()


def _delete_picture(picture: ProductPicture) -> None:
    file_id = picture.file_id
    db.session.delete(picture)
    db.session.flush()
    delete_file(file_id)


def _lock_own(actor: Actor, edition_id: int, slug: str) -> Exhibitor:
    """Return the locked row of the actor's company. Raises ExhibitorMissing, PermissionMissing."""
    return lock_exhibitor(require_member(actor, edition_id, slug, TeamAction.EDIT_PAGE).exhibitor_id)


def _find_product(company: Exhibitor, product_id: int, *, deleted: bool = False) -> Product:
    product = db.session.get(Product, product_id, populate_existing=True)
    if product is None or product.exhibitor_id != company.id or (product.deleted_at is not None) != deleted:
        raise Missing("product_missing")
    return product


def _find_category(edition_id: int, slug: str) -> int | None:
    if not slug:
        return None
    found = db.session.scalar(select(Category.id).where(Category.edition_id == edition_id, Category.slug == slug))
    if found is None:
        raise Invalid("category_unknown", field="category", category=slug[:100])
    return found
