"""The table of endpoints."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from expo.infra.db import Base


class WebhookEndpoint(Base):
    """An address that an owner wants to be called at."""

    __tablename__ = "webhook_endpoint"
    __table_args__ = (Index("ix_webhook_endpoint_owner", "owner_kind", "owner_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    # See rules.Owner.
    owner_kind: Mapped[str] = mapped_column(String(16))
    owner_id: Mapped[int]
    url: Mapped[str] = mapped_column(String(2000))
    events: Mapped[list[str]] = mapped_column(default=list)
    # The signing key, encrypted with the installation's secret key.
    sealed_key: Mapped[bytes] = mapped_column(LargeBinary(128))
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
