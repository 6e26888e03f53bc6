"""Errors of e-mails. Codes: `email_missing`, `mail_unavailable`, `mail_refused`."""

from expo.errors import ExpoError, Missing, Unavailable


class EmailMissing(Missing):
    """The e-mail does not exist."""

    def __init__(self) -> None:
        super().__init__("email_missing")


class MailUnavailable(Unavailable):
    """The mail server did not respond, or asked to try again later."""

    def __init__(self, reason: str) -> None:
        super().__init__("mail_unavailable", reason=reason)


class MailRefused(ExpoError):
    """The mail server rejected the e-mail permanently."""

    def __init__(self, reason: str) -> None:
        super().__init__("mail_refused", reason=reason)
