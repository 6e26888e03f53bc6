"""Work that a request begins but does not wait for. It ends with the process, so it is for what can be made again."""

import threading
from collections.abc import Callable, Hashable
from typing import cast

from flask import Flask, current_app

_running: set[Hashable] = set()
_mutex = threading.Lock()


def run_in_background(key: Hashable, act: Callable[[], None]) -> None:
    """Run `act` in a thread with a database session of its own, unless something with the same key is running."""
    app = cast("Flask", current_app._get_current_object())  # type: ignore[attr-defined]  # noqa: SLF001 - Flask documents it
    with _mutex:
        if key in _running:
            return
        _running.add(key)

    def run() -> None:
        try:
            with app.app_context():
                act()
        finally:
            with _mutex:
                _running.discard(key)

    threading.Thread(target=run, name="background", daemon=True).start()
