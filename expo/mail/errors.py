"""What can go wrong with letters. Codes: `letter_missing`, `mail_unavailable`, `mail_refused`."""

from expo.errors import ExpoError, Missing, Unavailable


class LetterMissing(Missing):
    """There is no such letter."""

    def __init__(self) -> None:
        super().__init__("letter_missing")


class MailUnavailable(Unavailable):
    """The mail server did not answer, or asked to come again later."""

    def __init__(self, reason: str) -> None:
        super().__init__("mail_unavailable", reason=reason)


class MailRefused(ExpoError):
    """The mail server refused the letter for good."""

    def __init__(self, reason: str) -> None:
        super().__init__("mail_refused", reason=reason)
