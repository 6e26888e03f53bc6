"""Running a parser in a separate process with limits on memory, processor time and wall-clock time.

A file that makes a parser allocate gigabytes, loop or crash ends only that process. The process inherits no secrets,
and its result may contain only plain values and the product's own dataclasses.
"""

import copyreg
import importlib
import io
import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, is_dataclass
from enum import Enum
from pathlib import Path
from typing import IO, Any, ParamSpec, TypeVar
from zoneinfo import ZoneInfo

import structlog

from expo.errors import ExpoError, Invalid

log = structlog.get_logger(__name__)

ROOT = Path(__file__).resolve().parents[2]
_PLAIN = frozenset(
    {
        ("datetime", "date"),
        ("datetime", "datetime"),
        ("datetime", "time"),
        ("datetime", "timedelta"),
        ("datetime", "timezone"),
        ("zoneinfo", "ZoneInfo"),
        ("builtins", "frozenset"),
        ("builtins", "set"),
    }
)

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class Limits:
    """The resource limits of a confined process."""

    memory_bytes: int = 1024 * 1024 * 1024
    cpu_seconds: int = 60
    wall_seconds: float = 120
    result_bytes: int = 256 * 1024 * 1024


DEFAULT_LIMITS = Limits()


class ParsingFailed(Invalid):
    """A parser exceeded its limits, or crashed."""

    def __init__(self) -> None:
        super().__init__("file_beyond_limits")


def run_confined(limits: Limits, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run an importable `function` in a confined process and return its result.

    Raises the ExpoError that the function raises, and ParsingFailed if it exceeds a limit or crashes.
    """
    with tempfile.TemporaryFile() as answer:
        _call_in_a_process(limits, function, args, kwargs, answer)
        answer.seek(0)
        try:
            outcome: tuple[Any, ...] = _PlainUnpickler(answer).load()
        except Exception as error:  # noqa: BLE001 - for any reason, the result is not used
            log.warning("parser_answer_refused", function=function.__qualname__, error=str(error))
            raise ParsingFailed from None
    if outcome[0] == "raised":
        raise _rebuild_error(*outcome[1:])
    value: T = outcome[1]
    return value


def _call_in_a_process(
    limits: Limits, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], answer: IO[bytes]
) -> None:
    """Call the function in a new process, which writes the outcome to `answer`."""
    request = pickle.dumps((function.__module__, function.__qualname__, args, kwargs, limits))
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
        "LC_ALL": "C.UTF-8",
    }
    try:
        done = subprocess.run(
            [sys.executable, "-m", "expo.infra.confined"],
            input=request,
            stdout=answer,
            stderr=subprocess.DEVNULL,
            env=environment,
            cwd=ROOT,
            timeout=limits.wall_seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        log.warning("parser_stopped", function=function.__qualname__, reason="time")
        raise ParsingFailed from None
    if done.returncode != 0:
        log.warning("parser_stopped", function=function.__qualname__, exit_code=done.returncode)
        raise ParsingFailed


class _PlainUnpickler(pickle.Unpickler):
    """An unpickler that accepts only plain values and the product's dataclasses and enumerations."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in _PLAIN:
            return super().find_class(module, name)
        if module.startswith("expo."):
            found = super().find_class(module, name)
            if isinstance(found, type) and (is_dataclass(found) or issubclass(found, Enum)):
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is not accepted")


def _rebuild_error(module: str, name: str, code: str, params: dict[str, Any]) -> ExpoError:
    kind = getattr(importlib.import_module(module), name) if module.startswith("expo.") else None
    if not (isinstance(kind, type) and issubclass(kind, ExpoError)):
        return ParsingFailed()
    error = kind.__new__(kind)
    ExpoError.__init__(error, code, **params)
    if "line" in params:
        vars(error)["line"] = params["line"]
    return error


def main() -> None:
    """Read a call from standard input, run it within its limits and write the result to standard output."""
    module, name, args, kwargs, limits = pickle.load(sys.stdin.buffer)  # noqa: S301 - written by our own parent process
    _limit_this_process(limits)
    write_outcome(getattr(importlib.import_module(module), name), args, kwargs, sys.stdout.buffer)


def write_outcome(
    function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], answer: IO[bytes]
) -> None:
    """Call the function and write what it returns, or the ExpoError that it raises."""
    try:
        outcome: tuple[Any, ...] = ("returned", function(*args, **kwargs))
    except ExpoError as error:
        outcome = ("raised", type(error).__module__, type(error).__qualname__, error.code, error.params)
    buffer = io.BytesIO()
    pickler = pickle.Pickler(buffer, protocol=pickle.HIGHEST_PROTOCOL)
    # A zone by its name only: its own pickling needs getattr, which the parent refuses.
    pickler.dispatch_table = copyreg.dispatch_table | {ZoneInfo: lambda zone: (ZoneInfo, (zone.key,))}
    pickler.dump(outcome)
    answer.write(buffer.getbuffer())


def _limit_this_process(limits: Limits) -> None:
    try:
        import resource  # noqa: PLC0415 - missing on Windows, where only wall-clock time is limited
    except ImportError:
        return
    wanted = {
        resource.RLIMIT_AS: limits.memory_bytes,
        resource.RLIMIT_CPU: limits.cpu_seconds,
        resource.RLIMIT_FSIZE: limits.result_bytes,
        resource.RLIMIT_CORE: 0,
    }
    for kind, value in wanted.items():
        _, most = resource.getrlimit(kind)
        resource.setrlimit(kind, (value if most == resource.RLIM_INFINITY else min(value, most),) * 2)


if __name__ == "__main__":
    main()
