"""Settings: one frozen value, read once from the environment.

Every field has a default, so that the product starts with an empty environment; defaults that would be unsafe on the
public internet are refused if `EXPO_ENV=production`. The README's table of settings is checked against these fields.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from ipaddress import ip_address
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from expo.pure.call_targets import read_networks

T = TypeVar("T")

ROOT = Path(__file__).resolve().parents[2]

_LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
_RANGES = {
    "port": (1, 65535),
    "web_workers": (1, 64),
    "web_threads": (1, 256),
    "job_threads": (1, 64),
    "trusted_proxies": (0, 10),
    "max_slides_mb": (1, 2000),
    "lock_timeout": (0.1, 600),
    "statement_timeout": (0.1, 3600),
    "idle_timeout": (1, 3600),
}
_SCHEMES = {
    "database_url": ("sqlite:///", "postgresql://", "postgresql+psycopg://"),
    "redis_url": ("redis://", "rediss://"),
    "public_url": ("https://", "http://"),
    "mail_url": ("smtp://", "smtps://"),
}


class SettingsError(Exception):
    """The environment has an invalid value; the message names the variable and the reason."""


def _setting(variable: str, default: T, help_text: str) -> T:
    return field(default=default, metadata={"variable": variable, "help": help_text})


@dataclass(frozen=True)
class Settings:
    """All settings of an installation."""

    env: str = _setting("EXPO_ENV", "development", "`development` or `production`; production refuses unsafe defaults")
    data_dir: Path = _setting(
        "EXPO_DATA_DIR", ROOT / "var", "Folder for the embedded database, the queue, files and the generated secret key"
    )
    database_url: str = _setting(
        "DATABASE_URL", "", "Database; empty means SQLite in the data folder, `postgresql://…` for PostgreSQL"
    )
    redis_url: str = _setting(
        "REDIS_URL", "", "Redis for the queue, shared rate limits and cache; empty means embedded"
    )
    secret_key: str = _setting(
        "SECRET_KEY",
        "",
        "Signs cookies and encrypts badge keys; empty means that one is generated and stored in the data folder",
    )
    host: str = _setting("EXPO_HOST", "127.0.0.1", "Address that the server listens on")
    port: int = _setting("PORT", 8000, "Port that the server listens on")
    tls_cert: str = _setting(
        "EXPO_TLS_CERT", "", "File with the server's certificate (PEM); with it, the server itself speaks HTTPS"
    )
    tls_key: str = _setting("EXPO_TLS_KEY", "", "File with the certificate's private key (PEM)")
    public_url: str = _setting(
        "EXPO_PUBLIC_URL", "", "Base URL of links in e-mails and QR codes; empty means `http://HOST:PORT`"
    )
    trusted_hosts: str = _setting(
        "EXPO_TRUSTED_HOSTS",
        "",
        "Additional accepted host names, separated by commas; the one in `EXPO_PUBLIC_URL`, `localhost` and IP "
        "addresses are always accepted",
    )
    web_workers: int = _setting("EXPO_WEB_WORKERS", 2, "Web server processes")
    web_threads: int = _setting("EXPO_WEB_THREADS", 10, "Threads in each web server process")
    job_threads: int = _setting("EXPO_JOB_THREADS", 2, "Threads of the background worker")
    lock_timeout: float = _setting(
        "EXPO_LOCK_TIMEOUT", 10.0, "Seconds that a request waits for a locked row (PostgreSQL) before it fails with 503"
    )
    statement_timeout: float = _setting(
        "EXPO_STATEMENT_TIMEOUT",
        30.0,
        "Seconds that one statement of a request may take (PostgreSQL); commands and jobs may take longer",
    )
    idle_timeout: float = _setting("EXPO_IDLE_TIMEOUT", 60.0, "Seconds after which PostgreSQL ends an idle transaction")
    mail_url: str = _setting(
        "MAIL_URL",
        "",
        "SMTP server as `smtp://user:password@host:port` or `smtps://…`; if empty, e-mails are stored but not sent: "
        "read them with `flask expo emails show ADDRESS`",
    )
    mail_from: str = _setting("MAIL_FROM", "expo@example.org", "Sender of all e-mails")
    trusted_proxies: int = _setting(
        "EXPO_TRUSTED_PROXIES",
        0,
        "Number of reverse proxies that are trusted to report the visitor's address and scheme",
    )
    allow_no_proxy: bool = _setting(
        "EXPO_ALLOW_NO_PROXY",
        False,
        "`1` allows production at a public address with `EXPO_TRUSTED_PROXIES=0`, without a reverse proxy",
    )
    max_slides_mb: int = _setting("EXPO_MAX_SLIDES_MB", 100, "Largest file of a session or of slides, in MB")
    webhook_networks: str = _setting(
        "EXPO_WEBHOOK_NETWORKS",
        "",
        "Private networks that webhooks may call, separated by commas (`10.1.0.0/16`); empty allows none",
    )
    log_level: str = _setting("EXPO_LOG_LEVEL", "INFO", "`DEBUG`, `INFO`, `WARNING` or `ERROR`")
    metrics_token: str = _setting(
        "EXPO_METRICS_TOKEN", "", "Bearer token for `/metrics`; if empty, only requests from this machine are allowed"
    )
    page_cache: bool = _setting("EXPO_PAGE_CACHE", True, "`0` renders public pages for every request (for debugging)")
    pseudo_language: bool = _setting(
        "EXPO_PSEUDO_LANGUAGE",
        False,
        "`1` offers a right-to-left pseudo-translation at `/ar/`, to check mirrored pages (development, tests)",
    )
    rate_limits: bool = _setting("EXPO_RATE_LIMITS", True, "`0` disables rate limits (for load tests)")

    @property
    def is_production(self) -> bool:
        """Whether this is a production installation, where unsafe defaults are refused."""
        return self.env == "production"

    @property
    def effective_database_url(self) -> str:
        """The effective SQLAlchemy URL."""
        return self.database_url or f"sqlite:///{self.data_dir / 'expo.sqlite3'}"

    @property
    def effective_public_url(self) -> str:
        """The public address used for links in e-mails, without a trailing slash."""
        scheme = "https" if self.tls_cert else "http"
        return (self.public_url or f"{scheme}://{self.address}").rstrip("/")

    @property
    def hosts(self) -> frozenset[str]:
        """The host names allowed in requests, in lower case."""
        named = (each.strip().casefold() for each in self.trusted_hosts.split(","))
        public = urlsplit(self.effective_public_url).hostname or ""
        return frozenset({"localhost", public, self.host.casefold(), *named} - {""})

    @property
    def address(self) -> str:
        """Host and port as in a URL."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Read the environment. Raises SettingsError for an invalid value."""
        environ = os.environ if environ is None else environ
        values: dict[str, object] = {}
        for each in fields(cls):
            raw = environ.get(each.metadata["variable"], "").strip()
            if raw:
                values[each.name] = _parse(each.metadata["variable"], raw, each.default)
        settings = cls(**values)  # type: ignore[arg-type]
        if settings.env not in ("development", "production"):
            raise SettingsError(f"EXPO_ENV is {settings.env!r}; it must be development or production.")
        _refuse_impossible_values(settings)
        if settings.is_production:
            _refuse_unsafe_defaults(settings)
        return settings

    def make_data_dir(self) -> None:
        """Create the data folder if it is missing. Raises SettingsError if it is not writable."""
        try:
            self.data_dir.mkdir(parents=True, exist_ok=True)
            probe = self.data_dir / f".probe-{secrets.token_hex(4)}"
            probe.write_bytes(b"x")
            probe.unlink()
        except OSError as error:
            raise SettingsError(
                f"Cannot write to {self.data_dir} ({error.strerror}): make it writable, or name another "
                "folder with EXPO_DATA_DIR."
            ) from None

    def with_secret_key(self) -> "Settings":
        """Return these settings with a secret key; if none is set, one is generated and stored in the data folder."""
        if self.secret_key:
            return self
        return Settings(**{**self.__dict__, "secret_key": _load_or_create_secret(self.data_dir / "secret_key")})


def _parse(variable: str, raw: str, default: object) -> object:
    if isinstance(default, bool):
        if raw.lower() not in ("0", "1", "true", "false", "yes", "no", "on", "off"):
            raise SettingsError(f"{variable} is {raw!r}; it must be 1 or 0.")
        return raw.lower() in ("1", "true", "yes", "on")
    if isinstance(default, int):
        try:
            return int(raw)
        except ValueError:
            raise SettingsError(f"{variable} is {raw!r}; it must be a whole number.") from None
    if isinstance(default, float):
        try:
            return float(raw)
        except ValueError:
            raise SettingsError(f"{variable} is {raw!r}; it must be a number of seconds.") from None
    if isinstance(default, Path):
        return Path(raw).expanduser().resolve()
    if variable == "DATABASE_URL":
        return _with_driver(raw)
    return raw


def _with_driver(url: str) -> str:
    """Accept the short `postgres://` used by hosting providers, and add the driver."""
    for short in ("postgres://", "postgresql://"):
        if url.startswith(short):
            return "postgresql+psycopg://" + url.removeprefix(short)
    return url


def _refuse_impossible_values(settings: Settings) -> None:
    for each in fields(settings):
        variable, value = each.metadata["variable"], getattr(settings, each.name)
        lowest, highest = _RANGES.get(each.name, (None, None))
        if lowest is not None and highest is not None and not lowest <= value <= highest:
            raise SettingsError(f"{variable} is {value}; it must be from {lowest} to {highest}.")
        schemes = _SCHEMES.get(each.name)
        if schemes and value and not value.startswith(schemes):
            # The value is not repeated, because an address may contain a password.
            expected = ", ".join(scheme for scheme in schemes if "+" not in scheme)
            raise SettingsError(f"{variable} is not a supported address; it must start with {expected}.")
    try:
        read_networks(settings.webhook_networks)
    except ValueError as error:
        raise SettingsError(f"EXPO_WEBHOOK_NETWORKS is not a list of networks: {error}.") from None
    if settings.log_level not in _LOG_LEVELS:
        raise SettingsError(f"EXPO_LOG_LEVEL is {settings.log_level!r}; it must be one of {', '.join(_LOG_LEVELS)}.")


def _refuse_unsafe_defaults(settings: Settings) -> None:
    if not settings.secret_key:
        raise SettingsError("SECRET_KEY must be set when EXPO_ENV=production.")
    if len(settings.secret_key) < 32:  # noqa: PLR2004 - 128 bits written in hexadecimal
        raise SettingsError("SECRET_KEY is too short for EXPO_ENV=production; use at least 32 characters.")
    if not settings.public_url.startswith("https://"):
        raise SettingsError("EXPO_PUBLIC_URL must be set to an https:// address when EXPO_ENV=production.")
    if not settings.trusted_proxies and not settings.allow_no_proxy and not _is_private(settings.effective_public_url):
        raise SettingsError(
            "EXPO_TRUSTED_PROXIES is 0 and EXPO_PUBLIC_URL is public: behind a proxy every visitor would have the "
            "proxy's address, and rate limits would stop all of them together. Set it to the number of proxies, or set "
            "EXPO_ALLOW_NO_PROXY=1 if there is no proxy."
        )
    if not settings.mail_url:
        raise SettingsError("MAIL_URL must be set when EXPO_ENV=production: e-mails would not be sent.")


def _is_private(url: str) -> bool:
    """Whether an address belongs to this machine or a private network."""
    host = urlsplit(url).hostname or ""
    try:
        return not ip_address(host).is_global
    except ValueError:
        return host == "localhost" or host.endswith((".localhost", ".local", ".internal", ".test")) or "." not in host


def _load_or_create_secret(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        secret = secrets.token_hex(32)
        try:
            with path.open("x", encoding="ascii") as file:
                path.chmod(0o600)
                file.write(secret)
        except FileExistsError:  # another process was first
            return path.read_text(encoding="ascii").strip()
        return secret
