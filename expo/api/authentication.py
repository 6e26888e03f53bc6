"""API authentication: the bearer token determines permissions and edition; cookies are ignored."""

from dataclasses import dataclass
from datetime import datetime

from expo.accounts.queries import find_token_actor, token_digest
from expo.accounts.rules import Actor
from expo.api.problems import token_problem
from expo.checkin.queries.devices import TOKEN_PREFIX, DeviceCaller, find_device_caller
from expo.errors import Refused
from expo.infra.cache import get_recent
from expo.infra.clock import utcnow

# How long a process may still accept a token after it was revoked.
TOKEN_SECONDS = 5.0
# The edition of a call without a token: an id that none has.
NO_EDITION = 0
# The second is what programs for pretalx send.
_SCHEMES = ("bearer ", "token ")


@dataclass(frozen=True, slots=True)
class Call:
    """An API request: the actor, the edition and the time. A revoked device may only be told so."""

    actor: Actor
    edition_id: int
    now: datetime
    is_revoked: bool = False
    is_wiped: bool = False
    # Whether a revoked device may still send the scans that it holds.
    may_deliver: bool = False


def find_call(authorization: str, *, answers_revoked: bool) -> Call:
    """Return the call of the bearer token in an `Authorization` header.

    Raises TransportError 401 `token_missing`, `token_invalid` or `device_revoked`.
    """
    secret = _read_secret(authorization)
    if not secret.startswith(TOKEN_PREFIX):
        return _call(DeviceCaller(_find_token_actor(secret)))
    caller = find_device_caller(secret, utcnow())
    if caller is None:
        raise token_problem("token_invalid", "This device is not enrolled, or its steward has signed out.")
    if caller.is_revoked and not answers_revoked:
        raise token_problem("device_revoked", "This device was revoked.", wipe=caller.is_wiped)
    return _call(caller)


def require_call(actor: Actor, operation: str) -> None:
    """Check that a device's profile includes an API operation. Raises Refused `device_call_refused`."""
    if actor.calls is not None and operation not in actor.calls:
        raise Refused("device_call_refused")


def _read_secret(header: str) -> str:
    scheme, space, secret = header.partition(" ")
    if scheme.lower() + space not in _SCHEMES:
        raise token_problem("token_missing", "Send an API token as `Authorization: Bearer TOKEN`.")
    return secret.strip()


def _find_token_actor(secret: str) -> Actor:
    recent = get_recent()
    key = ("api_token", token_digest(secret))
    actor: Actor | None = recent.get(key)
    if actor is None:
        actor = find_token_actor(secret)
        if actor is None:
            raise token_problem("token_invalid", "This API token does not exist or has been revoked.")
        recent.set(key, actor, TOKEN_SECONDS)
    return actor


def _call(caller: DeviceCaller) -> Call:
    actor = caller.actor
    if actor.edition_id is None:
        raise AssertionError("a token belongs to an edition")
    return Call(actor, actor.edition_id, utcnow(), caller.is_revoked, caller.is_wiped, caller.may_deliver)
