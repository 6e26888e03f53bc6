"""A worker for tests: the product's own, with one more kind of job that leaves its marks in the data folder."""

import os
import signal
import time
from datetime import datetime
from typing import Any

from expo.app import create_app
from expo.infra.config import Settings
from expo.infra.jobs import job_handler, run_worker

KIND = "test.mark"
# A job with this text ends the worker that does it.
KILL = "kill"


def main() -> None:
    """Work until told to end."""
    app = create_app()
    settings: Settings = app.config["SETTINGS"]
    folder = settings.data_dir

    @job_handler(KIND)
    def mark(payload: dict[str, Any], _now: datetime) -> None:
        with (folder / "begun").open("a") as file:
            file.write("x")
        if payload["text"] == KILL:
            os.kill(os.getpid(), signal.SIGKILL)
        while (folder / "hold").exists():
            time.sleep(0.05)
        with (folder / "done").open("a") as file:
            file.write(payload["text"])

    run_worker(app, settings.job_threads)


if __name__ == "__main__":
    main()
