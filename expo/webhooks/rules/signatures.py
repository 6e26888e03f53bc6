"""How a call is signed: as the Standard Webhooks specification says, so that its libraries verify it. Pure.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import hashlib
import hmac

SECRET_PREFIX = "whsec_"  # noqa: S105 - the beginning of every secret
SECRET_BYTES = 32


def show_secret(key: bytes) -> str:
    """Return the text of a secret as its owner stores it."""
    return SECRET_PREFIX + base64.b64encode(key).decode()


def sign(key: bytes, event_id: str, timestamp: int, body: bytes) -> str:
    """Return the value of the signature header: HMAC-SHA256 over id, time and body, separated by dots."""
    content = f"{event_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
