"""Public addresses, as used in e-mails, QR codes and passkeys."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import current_app

from expo.infra.config import Settings


def public_url(path: str, language: str | None = None) -> str:
    """Return the absolute public URL of a path such as `/me`, pinned to a language if given."""
    settings: Settings = current_app.config["SETTINGS"]
    return f"{settings.effective_public_url}{f'/{language}' if language else ''}{path}"


def relying_party() -> tuple[str, str]:
    """Return the host name and the origin of the public address, to which passkeys are bound."""
    settings: Settings = current_app.config["SETTINGS"]
    parts = urlsplit(settings.effective_public_url)
    return parts.hostname or "", f"{parts.scheme}://{parts.netloc}"


def can_have_passkeys() -> bool:
    """Whether the public address allows passkeys: it needs a host name, and https unless it is localhost."""
    host, origin = relying_party()
    try:
        ip_address(host)
    except ValueError:
        return origin.startswith("https://") or host == "localhost"
    return False


def mail_server() -> tuple[str, str]:
    """Return the URL of the mail server (empty if e-mails are only logged) and the sender of every e-mail."""
    settings: Settings = current_app.config["SETTINGS"]
    return settings.mail_url, settings.mail_from
