"""API authentication: the bearer token determines permissions and edition; cookies are ignored."""

from dataclasses import dataclass
from datetime import datetime

from flask import request

from expo.accounts.queries import find_token_actor, token_digest
from expo.accounts.rules import Actor
from expo.api.problems import token_problem
from expo.infra.cache import get_recent

# How long a process may still accept a token after it was revoked.
TOKEN_SECONDS = 5.0
_SCHEME = "bearer "


@dataclass(frozen=True, slots=True)
class Call:
    """An API request: the actor, the edition and the time."""

    actor: Actor
    edition_id: int
    now: datetime


def find_caller() -> Actor:
    """Return the actor of the bearer token. Raises TransportError 401 `token_missing` or `token_invalid`."""
    header = request.headers.get("Authorization", "")
    if header[: len(_SCHEME)].lower() != _SCHEME:
        raise token_problem("token_missing", "Send an API token as `Authorization: Bearer TOKEN`.")
    secret = header[len(_SCHEME) :].strip()
    recent = get_recent()
    key = ("api_token", token_digest(secret))
    actor: Actor | None = recent.get(key)
    if actor is None:
        actor = find_token_actor(secret)
        if actor is None:
            raise token_problem("token_invalid", "This API token does not exist or has been revoked.")
        recent.set(key, actor, TOKEN_SECONDS)
    return actor
