"""The errors that the product raises on purpose: each carries a stable code and the values a text about it needs.

A status and a translated sentence are looked up from the class and the code in one place each: `web/kit/errors.py`
for pages and `api/problems.py` for the API. Nothing below those floors knows HTTP or a language.
"""

from typing import Any, ClassVar


class ExpoError(Exception):
    """Something a person should be told about. `code` is stable and documented; `params` fill in its sentence."""

    kind: ClassVar[str] = "error"

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        details = ", ".join(f"{name}={value!r}" for name, value in self.params.items())
        return f"{self.code} ({details})" if details else self.code


class Missing(ExpoError):
    """What was asked for does not exist, or the asker must not learn that it does."""

    kind = "missing"


class Refused(ExpoError):
    """The actor may not do this."""

    kind = "refused"


class Conflict(ExpoError):
    """The state of things does not allow this now (sold out, already done, changed meanwhile)."""

    kind = "conflict"


class Invalid(ExpoError):
    """The data cannot be accepted as it stands. `field` in params names the place where that is known."""

    kind = "invalid"


class TooMany(ExpoError):
    """Asked too often; `retry_after` in params is in seconds."""

    kind = "too_many"


class Unavailable(ExpoError):
    """A part that this needs does not answer at the moment."""

    kind = "unavailable"
