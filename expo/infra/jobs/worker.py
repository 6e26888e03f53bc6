"""The worker: a huey consumer, and a thread that sweeps."""

import threading

import structlog
from flask import Flask

from expo.infra.clock import utcnow
from expo.infra.db import db
from expo.infra.engine import lift_time_limits
from expo.infra.jobs.queue import get_queue
from expo.infra.jobs.sweeper import sweep
from expo.infra.writer import give_way

log = structlog.get_logger(__name__)

SWEEP_SECONDS = 5.0
FINISH_SECONDS = 8.0


def run_worker(app: Flask, threads: int) -> None:
    """Run until interrupted: a huey consumer, and a thread that sweeps."""
    give_way()
    with app.app_context():
        lift_time_limits(db.engine)
        queue = get_queue()
    stop = threading.Event()
    sweeper = threading.Thread(target=_sweep_until, args=(app, stop), name="sweeper", daemon=True)
    sweeper.start()
    consumer = queue.huey.create_consumer(
        workers=threads,
        periodic=False,
        initial_delay=0.05,
        max_delay=0.5,
        check_worker_health=True,
        # On SIGTERM it finishes its jobs: an interrupted one would wait until its lease ends.
        graceful_signal="TERM",
        shutdown_timeout=FINISH_SECONDS,
    )
    try:
        consumer.run()
    finally:
        stop.set()


def _sweep_until(app: Flask, stop: threading.Event) -> None:
    while not stop.is_set():
        with app.app_context():
            try:
                sweep(utcnow())
            except Exception:
                log.exception("sweep_failed")
        stop.wait(SWEEP_SECONDS)
