"""The table of endpoints."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from expo.infra.db import Base


class WebhookEndpoint(Base):
    """An address that an exhibitor wants to be called at."""

    __tablename__ = "webhook_endpoint"
    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    exhibitor_id: Mapped[int] = mapped_column(ForeignKey("exhibitor.id"), index=True)
    url: Mapped[str] = mapped_column(String(2000))
    events: Mapped[list[str]] = mapped_column(default=list)
    # The signing key, encrypted with the installation's secret key.
    sealed_key: Mapped[bytes] = mapped_column(LargeBinary(128))
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
