"""Queries on accounts and actors."""

from expo.accounts.queries.actors import actor_for_person, actor_of_session, name_actors
from expo.accounts.queries.api_tokens import find_token_actor, list_api_tokens, token_digest
from expo.accounts.queries.people import PersonFacts, find_person, find_person_by_email, get_link_version
from expo.accounts.queries.roles import list_editions_with_roles, list_role_holders, list_roles
from expo.accounts.queries.second_factors import get_second_factors
from expo.accounts.queries.sessions import SessionFacts, find_session, list_sessions, session_digest

__all__ = [
    "PersonFacts",
    "SessionFacts",
    "actor_for_person",
    "actor_of_session",
    "find_person",
    "find_person_by_email",
    "find_session",
    "find_token_actor",
    "get_link_version",
    "get_second_factors",
    "list_api_tokens",
    "list_editions_with_roles",
    "list_role_holders",
    "list_roles",
    "list_sessions",
    "name_actors",
    "session_digest",
    "token_digest",
]
