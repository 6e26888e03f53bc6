"""Metrics for Prometheus, counted in each process and aggregated when read."""

import os
from pathlib import Path

from expo.infra.config import Settings

FOLDER = "PROMETHEUS_MULTIPROC_DIR"


def share_between_processes(settings: Settings) -> None:
    """Set the shared folder for metrics unless one is set. Must be called before prometheus_client is imported."""
    folder = Path(os.environ.setdefault(FOLDER, str(settings.data_dir / "metrics")))
    folder.mkdir(parents=True, exist_ok=True)


def reset_counts() -> None:
    """Delete all counts; called once, before the first process starts counting."""
    folder = os.environ.get(FOLDER)
    if folder:
        for file in Path(folder).glob("*.db"):
            file.unlink(missing_ok=True)
