"""Public addresses: what e-mails, QR codes and passkeys refer to."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import current_app

from expo.infra.config import Settings


def public_url(path: str, language: str | None = None) -> str:
    """Return the full public address of a path such as `/me`, pinned to a language where one is given."""
    settings: Settings = current_app.config["SETTINGS"]
    return f"{settings.effective_public_url}{f'/{language}' if language else ''}{path}"


def relying_party() -> tuple[str, str]:
    """Return what passkeys are bound to: the host name and the origin of the public address."""
    settings: Settings = current_app.config["SETTINGS"]
    parts = urlsplit(settings.effective_public_url)
    return parts.hostname or "", f"{parts.scheme}://{parts.netloc}"


def can_have_passkeys() -> bool:
    """Whether browsers make passkeys for the public address: it needs a host name, and https unless it is localhost."""
    host, origin = relying_party()
    try:
        ip_address(host)
    except ValueError:
        return origin.startswith("https://") or host == "localhost"
    return False


def mail_server() -> tuple[str, str]:
    """Return the URL of the mail server (empty where e-mails are only logged) and the sender of every e-mail."""
    settings: Settings = current_app.config["SETTINGS"]
    return settings.mail_url, settings.mail_from
