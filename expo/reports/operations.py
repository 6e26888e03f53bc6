"""Figures for monitoring an installation: registrations, scans and the background queue."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute

from expo.checkin.models import Scan
from expo.infra.cache import get_recent
from expo.infra.db import db
from expo.infra.jobs import QueueFigures, get_queue_figures
from expo.registration.models import Attendee

# Counting all scans takes a moment, and monitoring asks every fifteen seconds or so.
FIGURES_SECONDS = 10.0


@dataclass(frozen=True)
class OperationsFigures:
    """Figures of all editions together. `queue` is the background queue."""

    registrations: dict[str, int]
    scans: dict[str, int]
    queue: QueueFigures


def get_operations_figures(now: datetime) -> OperationsFigures:
    """Return the figures, cached for ten seconds."""
    recent = get_recent()
    figures: OperationsFigures | None = recent.get("operations_figures")
    if figures is None:
        figures = OperationsFigures(
            registrations=_count_by(Attendee.state), scans=_count_by(Scan.verdict), queue=get_queue_figures(now)
        )
        recent.set("operations_figures", figures, FIGURES_SECONDS)
    return figures


def _count_by(column: InstrumentedAttribute[str]) -> dict[str, int]:
    rows = db.session.execute(select(column, func.count()).group_by(column).order_by(column))
    return {value: count for value, count in rows}  # noqa: C416 - a row is not a pair to mypy
