"""`Idempotency-Key`: a write that is sent twice is executed once, and both requests get the same response.

The key is stored in the same transaction as the write, so that neither can exist without the other. A concurrent
second request waits for the first on the key's row. A refused write stores no key, so that it can be retried with the
same one.

What can be checked beforehand is checked before the transaction, because on SQLite nobody else writes during it.
"""

import hashlib
from collections.abc import Callable
from typing import TypeVar

from flask import request

from expo.api.authentication import Call
from expo.errors import ExpoError, Invalid
from expo.infra.db import atomic, retried
from expo.infra.idempotency import StoredAnswer, claim_idempotency_key, store_answer

HEADER = "Idempotency-Key"
MAX_KEY_LENGTH = 255

Prepared = TypeVar("Prepared")


def read_idempotency_key() -> str | None:
    """Return the key of this request, or None. Raises Invalid `idempotency_key_invalid`."""
    key = request.headers.get(HEADER)
    if key is None:
        return None
    if not 0 < len(key) <= MAX_KEY_LENGTH or not key.isascii() or not key.isprintable():
        raise Invalid("idempotency_key_invalid", maximum=MAX_KEY_LENGTH)
    return key


@retried
def answer_once(
    call: Call, key: str, body: bytes, prepare: Callable[[], Prepared], act: Callable[[Prepared], StoredAnswer]
) -> tuple[StoredAnswer, bool]:
    """Run `act` once per key, on what `prepare` returns; return its response, or the stored one, and whether it was.

    `prepare` only reads. What it refuses is refused unless the same request has been accepted in the meantime, when it
    may have taken the last place itself. Raises Invalid `idempotency_key_reused` if the key was used with another
    request.
    """
    if call.actor.id is None:
        raise AssertionError("a token has an id")
    digest = hashlib.sha256(b"\n".join([request.method.encode(), request.path.encode(), body])).hexdigest()
    refusal: ExpoError | None = None
    try:
        prepared = prepare()
    except ExpoError as error:
        refusal = error
    with atomic():
        stored = claim_idempotency_key(call.actor.id, key, digest, call.now)
        if stored is not None:
            return stored, True
        if refusal is not None:
            raise refusal
        answer = act(prepared)
        store_answer(call.actor.id, key, answer)
        return answer, False
