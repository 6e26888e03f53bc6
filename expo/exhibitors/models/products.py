"""Tables of products and their pictures."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from expo.infra.db import Base


class Product(Base):
    """A product of a company."""

    __tablename__ = "exhibitor_product"

    id: Mapped[int] = mapped_column(primary_key=True)
    exhibitor_id: Mapped[int] = mapped_column(ForeignKey("exhibitor.id"), index=True)
    position: Mapped[int]
    name: Mapped[dict[str, str]]
    text: Mapped[dict[str, str]]
    link: Mapped[str] = mapped_column(String(500), default="")
    category_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"), index=True)
    # Deleted products can be restored for some days.
    deleted_at: Mapped[datetime | None]


class ProductPicture(Base):
    """A picture of a product."""

    __tablename__ = "exhibitor_product_picture"

    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), primary_key=True, autoincrement=False)
    product_id: Mapped[int] = mapped_column(ForeignKey("exhibitor_product.id"), index=True)
