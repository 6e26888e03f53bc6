"""Figures for Prometheus, counted in every process and added up when they are asked for."""

import os
from pathlib import Path

from expo.infra.config import Settings

FOLDER = "PROMETHEUS_MULTIPROC_DIR"


def share_between_processes(settings: Settings) -> None:
    """Name the folder in which processes count, unless one is named. Call it before Prometheus' library is imported."""
    folder = Path(os.environ.setdefault(FOLDER, str(settings.data_dir / "metrics")))
    folder.mkdir(parents=True, exist_ok=True)


def forget_counts() -> None:
    """Begin to count again: called once, before the first process counts."""
    folder = os.environ.get(FOLDER)
    if folder:
        for file in Path(folder).glob("*.db"):
            file.unlink(missing_ok=True)
