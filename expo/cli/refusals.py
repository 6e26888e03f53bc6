"""Error handling of commands: the message on standard error, and exit code 1."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import click

from expo.errors import ExpoError
from expo.web.kit.errors import message_of

P = ParamSpec("P")
R = TypeVar("R")


def exit_on_refusal(command: Callable[P, R]) -> Callable[P, R]:
    """Turn a domain error into its message on standard error and exit code 1."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except ExpoError as error:
            click.echo(f"{message_of(error)} [{error}]", err=True)
            raise SystemExit(1) from None

    return run
