"""Rate limits for sign-in attempts. Only failures count, so nobody can lock out someone else.

Failures are counted per account and network together, and per network alone, so that guessing from one network does not
prevent the owner from signing in from another. One-time codes have only six digits, so they are also counted per
account as a whole. Trying one requires the password or access to the mailbox, and passkeys and recovery codes keep
working.
"""

from expo.accounts.rules import fold_email
from expo.errors import TooMany
from expo.infra.limits import check_limit, count_against

# A whole venue may share one address, so the limit per address has to cover everyone working there.
PASSWORD_PER_ACCOUNT = "10/hour"  # noqa: S105
PASSWORD_PER_ADDRESS = "200/hour"  # noqa: S105
CODE_PER_PLACE = "10/hour"
CODE_PER_ACCOUNT = "40/hour"
LINK_PER_PLACE = "5/hour"
LINK_PER_ADDRESS = "300/hour"
LINK_PER_ACCOUNT = "20/hour"


def check_password_attempts(email: str, network: str) -> None:
    """Check that another password may be tried. Raises TooMany."""
    check_limit(PASSWORD_PER_ACCOUNT, "password", fold_email(email), network)
    check_limit(PASSWORD_PER_ADDRESS, "password-address", network)


def count_wrong_password(email: str, network: str) -> None:
    """Count a wrong password. Raises TooMany when the limit is exceeded."""
    count_against(PASSWORD_PER_ACCOUNT, "password", fold_email(email), network)
    count_against(PASSWORD_PER_ADDRESS, "password-address", network)


def check_code_attempts(person_id: int, network: str, *, is_recovery_code: bool) -> None:
    """Check that another code may be tried. Raises TooMany."""
    check_limit(CODE_PER_PLACE, "code", str(person_id), network)
    if not is_recovery_code:
        check_limit(CODE_PER_ACCOUNT, "code-account", str(person_id))


def count_wrong_code(person_id: int, network: str, *, is_recovery_code: bool) -> None:
    """Count a wrong code. Raises TooMany when the limit is exceeded."""
    count_against(CODE_PER_PLACE, "code", str(person_id), network)
    if not is_recovery_code:
        count_against(CODE_PER_ACCOUNT, "code-account", str(person_id))


def count_link_request(email: str, network: str) -> None:
    """Count a request for a sign-in link. Raises TooMany for too many requests from one network."""
    count_against(LINK_PER_PLACE, "link", fold_email(email), network)
    count_against(LINK_PER_ADDRESS, "link-address", network)


def may_mail_another_link(person_id: int, sign_in_count: int) -> bool:
    """Return whether another sign-in link may be e-mailed; limited until one of the valid links is used."""
    try:
        count_against(LINK_PER_ACCOUNT, "link-account", str(person_id), str(sign_in_count))
    except TooMany:
        return False
    return True
