"""The table of deliveries."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from expo.infra.db import Base


class WebhookDelivery(Base):
    """One event for one endpoint. It names the object; the body is written from what the object is when it is sent."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        Index("ix_webhook_delivery_endpoint_id_id", "endpoint_id", "id"),
        Index("ix_webhook_delivery_state_next_at", "state", "next_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    endpoint_id: Mapped[int] = mapped_column(ForeignKey("webhook_endpoint.id"))
    # The same in every attempt, so that receivers can drop repetitions.
    event_id: Mapped[str] = mapped_column(String(40))
    event: Mapped[str] = mapped_column(String(40))
    # None for a test.
    subject_id: Mapped[int | None]
    # See rules.DeliveryState.
    state: Mapped[str] = mapped_column(String(12))
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    # When to try next; None once it is delivered or given up.
    next_at: Mapped[datetime | None]
    last_at: Mapped[datetime | None]
    # What the last attempt came to: a status, or why there was none.
    last_status: Mapped[int | None]
    last_error: Mapped[str] = mapped_column(String(200), default="")
