"""How often somebody may try to sign in. Failures alone count, so nobody locks anybody else out.

Failures count for an account together with the address they come from, and for an address alone: whoever guesses at an
account from one address does not keep its owner, at another, from signing in. Only one-time codes, which have six
digits, are counted for an account as a whole: to try one the password or the mailbox is needed first, and passkeys and
recovery codes work on meanwhile.
"""

from expo.accounts.rules import fold_email
from expo.errors import TooMany
from expo.infra.limits import check_limit, count_against

# A whole venue may share one address: what counts for an address alone leaves room for all who work there.
PASSWORD_PER_ACCOUNT = "10/hour"  # noqa: S105
PASSWORD_PER_ADDRESS = "200/hour"  # noqa: S105
CODE_PER_PLACE = "10/hour"
CODE_PER_ACCOUNT = "40/hour"
LINK_PER_PLACE = "5/hour"
LINK_PER_ADDRESS = "300/hour"
LINK_PER_ACCOUNT = "20/hour"


def check_password_attempts(email: str, network: str) -> None:
    """Let another password be tried. Raises TooMany."""
    check_limit(PASSWORD_PER_ACCOUNT, "password", fold_email(email), network)
    check_limit(PASSWORD_PER_ADDRESS, "password-address", network)


def count_wrong_password(email: str, network: str) -> None:
    """Note that a password was wrong. Raises TooMany when that was one too many."""
    count_against(PASSWORD_PER_ACCOUNT, "password", fold_email(email), network)
    count_against(PASSWORD_PER_ADDRESS, "password-address", network)


def check_code_attempts(person_id: int, network: str, *, is_recovery_code: bool) -> None:
    """Let another code be tried. Raises TooMany."""
    check_limit(CODE_PER_PLACE, "code", str(person_id), network)
    if not is_recovery_code:
        check_limit(CODE_PER_ACCOUNT, "code-account", str(person_id))


def count_wrong_code(person_id: int, network: str, *, is_recovery_code: bool) -> None:
    """Note that a code was wrong. Raises TooMany when that was one too many."""
    count_against(CODE_PER_PLACE, "code", str(person_id), network)
    if not is_recovery_code:
        count_against(CODE_PER_ACCOUNT, "code-account", str(person_id))


def count_link_request(email: str, network: str) -> None:
    """Count that a sign-in link was asked for. Raises TooMany for who asks too often from one place."""
    count_against(LINK_PER_PLACE, "link", fold_email(email), network)
    count_against(LINK_PER_ADDRESS, "link-address", network)


def may_mail_another_link(person_id: int, sign_in_count: int) -> bool:
    """Whether a mailbox gets one more sign-in link. It holds enough that work, until one of them is used."""
    try:
        count_against(LINK_PER_ACCOUNT, "link-account", str(person_id), str(sign_in_count))
    except TooMany:
        return False
    return True
