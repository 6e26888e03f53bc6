"""The product's own errors: each has a stable code and the parameters of its message.

The HTTP status and the translated message are looked up by class and code in one place each: `web/kit/errors.py` for
pages and `api/problems.py` for the API. No lower floor knows about HTTP or languages.
"""

from typing import Any, ClassVar


class ExpoError(Exception):
    """An error to report to the user. `code` is stable and documented; `params` are the parameters of its message."""

    kind: ClassVar[str] = "error"

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        details = ", ".join(f"{name}={value!r}" for name, value in self.params.items())
        return f"{self.code} ({details})" if details else self.code


class Missing(ExpoError):
    """The requested object does not exist, or the actor must not learn that it does."""

    kind = "missing"


class Refused(ExpoError):
    """The actor may not do this."""

    kind = "refused"


class Conflict(ExpoError):
    """The current state does not allow this (sold out, already done, changed concurrently)."""

    kind = "conflict"


class Outdated(Conflict):
    """The object was changed after the version that the change is based on."""

    def __init__(self) -> None:
        super().__init__("version_outdated")


class Invalid(ExpoError):
    """The data is invalid. `field` in params names the field if known."""

    kind = "invalid"


class TooMany(ExpoError):
    """Too many requests; `retry_after` in params is in seconds."""

    kind = "too_many"


class Unavailable(ExpoError):
    """A required component is not available at the moment."""

    kind = "unavailable"
