"""The session behind a request to an account page."""

from expo.accounts.errors import PermissionMissing
from expo.accounts.queries import SessionFacts
from expo.web.kit.sessions import current_session


def own_session() -> SessionFacts:
    """Return the session of this request; only for pages behind sign-in."""
    found = current_session()
    if found is None:
        raise PermissionMissing("sign-in")
    return found
