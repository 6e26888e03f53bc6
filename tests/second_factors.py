"""Setting up second factors without the pages."""

from dataclasses import replace

import pyotp

from expo.accounts.queries import actor_for_person, find_person
from expo.accounts.rules import Actor, Level
from expo.accounts.services.second_factors import (
    begin_authenticator,
    create_recovery_codes,
    enable_authenticator,
    get_pending_authenticator,
)
from expo.infra.clock import utcnow


def confirmed(person_id: int, session_id: int | None = None) -> Actor:
    """Return the actor of a person who has just confirmed their identity."""
    person = find_person(person_id)
    assert person is not None
    return replace(actor_for_person(person, None, Level.CONFIRMED), session_id=session_id)


def add_authenticator(person_id: int) -> str:
    """Set up an authenticator app and return its secret; this uses up the current code."""
    actor, now = confirmed(person_id), utcnow()
    begin_authenticator(actor, now)
    begun = get_pending_authenticator(actor, "li@example.org", "expo")
    assert begun is not None
    enable_authenticator(actor, pyotp.TOTP(begun.secret).at(now), now)
    return begun.secret


def add_recovery_codes(person_id: int) -> list[str]:
    """Create recovery codes."""
    return create_recovery_codes(confirmed(person_id), utcnow())
