"""Signed texts, such as the links in e-mails, that only this installation can issue, each for one purpose."""

from typing import Any

from flask import current_app
from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

from expo.errors import Invalid


def sign_text(purpose: str, payload: Any) -> str:
    """Return `payload` as a signed, URL-safe text for `purpose`. It is readable: no personal data allowed."""
    return _serializer(purpose).dumps(payload)


def read_text(purpose: str, text: str, max_age: int | None = None) -> Any:
    """Return the payload signed for `purpose`, at most `max_age` seconds ago.

    Raises Invalid `link_broken` or `link_expired`.
    """
    try:
        return _serializer(purpose).loads(text, max_age=max_age)
    except SignatureExpired:
        raise Invalid("link_expired") from None
    except BadSignature:
        raise Invalid("link_broken") from None


def _serializer(purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=f"expo.{purpose}")
