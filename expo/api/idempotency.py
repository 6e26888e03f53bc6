"""`Idempotency-Key`: a write that is sent twice is done once, and both get the same answer.

The key is written in the transaction of the write itself, so there is no moment at which one is there without the
other. A second request that comes meanwhile waits for the first at the key's row. A write that was refused leaves no
key: it may be sent again with the same one.
"""

import hashlib
from collections.abc import Callable

from flask import request

from expo.api.authentication import Call
from expo.errors import Invalid
from expo.infra.db import atomic, retried
from expo.infra.idempotency import KeptAnswer, claim_idempotency_key, keep_answer

HEADER = "Idempotency-Key"
MAX_KEY_LENGTH = 255


def wanted_key() -> str | None:
    """Return the key of this request, or None. Raises Invalid `idempotency_key_invalid`."""
    key = request.headers.get(HEADER)
    if key is None:
        return None
    if not 0 < len(key) <= MAX_KEY_LENGTH or not key.isascii() or not key.isprintable():
        raise Invalid("idempotency_key_invalid", maximum=MAX_KEY_LENGTH)
    return key


@retried
def answer_once(call: Call, key: str, body: bytes, act: Callable[[], KeptAnswer]) -> tuple[KeptAnswer, bool]:
    """Return the answer of `act`, or the one that this key was given before, and whether it is that one.

    Raises Invalid `idempotency_key_reused` where the key came with another request.
    """
    if call.actor.id is None:
        raise AssertionError("a token has an id")
    digest = hashlib.sha256(b"\n".join([request.method.encode(), request.path.encode(), body])).hexdigest()
    with atomic():
        kept = claim_idempotency_key(call.actor.id, key, digest, call.now)
        if kept is not None:
            return kept, True
        answer = act()
        keep_answer(call.actor.id, key, answer)
        return answer, False
