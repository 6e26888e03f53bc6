"""Processes that tests start: copies of one that has imported the product, which takes longer than their work."""

import multiprocessing
import os
import signal
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

COPYING = multiprocessing.get_context("forkserver")
COPYING.set_forkserver_preload(["expo.app", "tests.preloaded", "tests.conftest", "tests.make", "tests.races.racing"])


class Program:
    """A program in a process of its own, which can be killed."""

    def __init__(self, main: Callable[[], None], environment: dict[str, str], log: Path) -> None:
        self._process = COPYING.Process(target=_run, args=(main, environment, log))
        self._process.start()

    def kill(self) -> None:
        """Kill it."""
        self._process.kill()

    def terminate(self) -> None:
        """Tell it to end."""
        assert self._process.pid is not None
        os.kill(self._process.pid, signal.SIGTERM)

    def wait(self, seconds: float) -> int | None:
        """Wait for its end and return its exit code, negative for a signal; None if it has not ended in this time."""
        self._process.join(seconds)
        return self._process.exitcode

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self._process.is_alive()


def start_and_listen(main: Callable[..., None], *arguments: Any, log: Path) -> tuple[Program, Any]:
    """Start a program and return it with what it tells, as soon as it does, by the function that is its last argument.

    Raises EOFError if it ends without a word: why is in the log.
    """
    here, there = COPYING.Pipe(duplex=False)
    program = Program(partial(main, *arguments, there.send), {}, log)
    there.close()
    with here:
        return program, here.recv()


def _run(main: Callable[[], Any], environment: dict[str, str], log: Path) -> None:
    with log.open("ab") as file:
        for stream in (1, 2):
            os.dup2(file.fileno(), stream)
    os.environ.update(environment)
    main()
