"""Parsers that misbehave, for tests of the confined process; importable by it."""

import os
import signal

from expo.errors import Invalid
from expo.formats.errors import BadFile


class Evil:
    """Something that runs code when it is unpickled."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, ("true",)


def eat_memory() -> int:
    return len(bytearray(8 * 1024**3))


def loop_for_ever() -> None:
    while True:
        pass


def wait_for_ever() -> None:
    signal.pause()


def crash() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def refuse() -> None:
    raise BadFile("file_broken", 7, reason="so it is")


def refuse_by_base() -> None:
    raise Invalid("file_empty", field="x")


def send_code() -> object:
    return Evil()


def secrets_seen() -> list[str]:
    return sorted(name for name in os.environ if "SECRET" in name or "DATABASE" in name)
