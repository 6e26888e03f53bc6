"""The addresses that letters and QR codes lead to."""

from flask import current_app

from expo.infra.config import Settings


def public_url(path: str, language: str | None = None) -> str:
    """Return the full public address of a path such as `/me`, pinned to a language where one is given."""
    settings: Settings = current_app.config["SETTINGS"]
    return f"{settings.effective_public_url}{f'/{language}' if language else ''}{path}"


def mail_server() -> tuple[str, str]:
    """Return the URL of the mail server (empty where letters are kept) and the sender of every letter."""
    settings: Settings = current_app.config["SETTINGS"]
    return settings.mail_url, settings.mail_from
