"""Reads of products."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from expo.errors import Missing
from expo.exhibitors.models import Category, Product, ProductPicture
from expo.exhibitors.queries.companies import CategoryName
from expo.infra.db import db
from expo.infra.files import StoredFile


@dataclass(frozen=True)
class ProductRow:
    """A product as shown; `pictures` has the keys of its files."""

    id: int
    name: Mapping[str, str]
    text: Mapping[str, str]
    link: str
    category: CategoryName | None
    pictures: tuple[str, ...] = ()
    deleted_at: datetime | None = None


def list_products(exhibitor_id: int, *, deleted: bool = False) -> list[ProductRow]:
    """Return the products of a company in their order, or those that can be restored."""
    rows = db.session.execute(
        select(Product, Category.slug, Category.name)
        .outerjoin(Category, Category.id == Product.category_id)
        .where(
            Product.exhibitor_id == exhibitor_id,
            Product.deleted_at.is_not(None) if deleted else Product.deleted_at.is_(None),
        )
        .order_by(Product.position, Product.id)
    ).all()
    pictures: dict[int, list[str]] = {}
    for product_id, key in db.session.execute(
        select(ProductPicture.product_id, StoredFile.key)
        .join(StoredFile, StoredFile.id == ProductPicture.file_id)
        .where(ProductPicture.product_id.in_([row.id for row, _, _ in rows]))
        .order_by(ProductPicture.file_id)
    ):
        pictures.setdefault(product_id, []).append(key)
    return [
        ProductRow(
            id=row.id,
            name=row.name,
            text=row.text,
            link=row.link,
            category=CategoryName(slug, name) if slug else None,
            pictures=tuple(pictures.get(row.id, ())),
            deleted_at=row.deleted_at,
        )
        for row, slug, name in rows
    ]


def get_product(exhibitor_id: int, product_id: int) -> ProductRow:
    """Return a company's product. Raises Missing `product_missing`."""
    for each in list_products(exhibitor_id):
        if each.id == product_id:
            return each
    raise Missing("product_missing")
