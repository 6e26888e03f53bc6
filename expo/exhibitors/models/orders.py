"""Tables of the services that organizers offer to exhibitors, and of what companies ordered."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from expo.infra.db import Base


class Service(Base):
    """A service to order, such as power or furniture."""

    __tablename__ = "exhibitor_service"
    __table_args__ = (
        CheckConstraint("ordered >= 0", name="ordered"),
        CheckConstraint("price_cents >= 0", name="price"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    name: Mapped[dict[str, str]]
    text: Mapped[dict[str, str]]
    unit: Mapped[dict[str, str]]
    price_cents: Mapped[int]
    # The last day to order, change or cancel, in the edition's zone.
    last_day: Mapped[date | None]
    # The largest amount for one company, and for all together; None is unlimited.
    maximum: Mapped[int | None]
    stock: Mapped[int | None]
    # The sum of all orders, raised together with each order by one conditional statement.
    ordered: Mapped[int] = mapped_column(default=0)


class ServiceOrder(Base):
    """How much of a service a company ordered, and at which price."""

    __tablename__ = "exhibitor_service_order"

    exhibitor_id: Mapped[int] = mapped_column(ForeignKey("exhibitor.id"), primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("exhibitor_service.id"), primary_key=True, index=True)
    amount: Mapped[int]
    # The price when the company first ordered; a later change of the price does not affect it.
    price_cents: Mapped[int]
    ordered_at: Mapped[datetime]
    changed_at: Mapped[datetime]
