"""Settings come from the environment, boot from an empty one, and refuse what would be unsafe or wrong."""

from dataclasses import fields
from pathlib import Path

import pytest

from expo.infra.config import Settings, SettingsError

SAFE = {
    "EXPO_ENV": "production",
    "SECRET_KEY": "s" * 32,
    "EXPO_PUBLIC_URL": "https://expo.example.org/",
    "MAIL_URL": "smtp://mail.example.org",
    "EXPO_TRUSTED_PROXIES": "1",
}


def test_settings_when_the_environment_is_empty_then_are_the_defaults() -> None:
    assert Settings.from_env({}) == Settings()


def test_settings_when_a_variable_is_blank_then_its_default_holds() -> None:
    assert Settings.from_env({each.metadata["variable"]: "  " for each in fields(Settings)}) == Settings()


@pytest.mark.parametrize(
    ("environ", "name", "value"),
    [
        ({"PORT": "8123"}, "port", 8123),
        ({"EXPO_RATE_LIMITS": "off"}, "rate_limits", False),
        ({"EXPO_RATE_LIMITS": "YES"}, "rate_limits", True),
        ({"EXPO_DATA_DIR": "/srv/../var/expo"}, "data_dir", Path("/var/expo")),
        ({"DATABASE_URL": "postgres://u@h/d"}, "database_url", "postgresql+psycopg://u@h/d"),
        ({"DATABASE_URL": "postgresql://u@h/d"}, "database_url", "postgresql+psycopg://u@h/d"),
        ({"DATABASE_URL": "sqlite:////var/x.db"}, "database_url", "sqlite:////var/x.db"),
        ({"EXPO_HOST": "::1", "PORT": "1"}, "effective_public_url", "http://[::1]:1"),
        (SAFE, "effective_public_url", "https://expo.example.org"),
        (SAFE | {"EXPO_TRUSTED_PROXIES": "0", "EXPO_ALLOW_NO_PROXY": "1"}, "trusted_proxies", 0),
        (SAFE | {"EXPO_TRUSTED_PROXIES": "0", "EXPO_PUBLIC_URL": "https://10.1.2.3"}, "trusted_proxies", 0),
        (SAFE | {"EXPO_TRUSTED_PROXIES": "0", "EXPO_PUBLIC_URL": "https://expo.internal"}, "trusted_proxies", 0),
    ],
)
def test_settings_when_given_then_are_read(environ: dict[str, str], name: str, value: object) -> None:
    assert getattr(Settings.from_env(environ), name) == value


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"PORT": "eighty"}, "PORT is 'eighty'; it must be a whole number."),
        ({"EXPO_RATE_LIMITS": "maybe"}, "EXPO_RATE_LIMITS is 'maybe'; it must be 1 or 0."),
        ({"EXPO_ENV": "prod"}, "EXPO_ENV is 'prod'; it must be development or production."),
        ({"PORT": "70000"}, "PORT is 70000; it must be from 1 to 65535."),
        ({"EXPO_WEB_WORKERS": "0"}, "EXPO_WEB_WORKERS is 0; it must be from 1 to 64."),
        ({"EXPO_TRUSTED_PROXIES": "-1"}, "EXPO_TRUSTED_PROXIES is -1; it must be from 0 to 10."),
        ({"EXPO_LOG_LEVEL": "loud"}, "EXPO_LOG_LEVEL is 'loud'; it must be one of DEBUG, INFO, WARNING, ERROR."),
        (
            {"DATABASE_URL": "mysql://user:secret@host/expo"},
            "DATABASE_URL is not a supported address; it must start with sqlite:///, postgresql://.",
        ),
        ({"REDIS_URL": "host:6379"}, "REDIS_URL is not a supported address; it must start with redis://, rediss://."),
        ({"MAIL_URL": "mail.org"}, "MAIL_URL is not a supported address; it must start with smtp://, smtps://."),
        (
            {"EXPO_PUBLIC_URL": "expo.example.org"},
            "EXPO_PUBLIC_URL is not a supported address; it must start with https://, http://.",
        ),
        (SAFE | {"SECRET_KEY": ""}, "SECRET_KEY must be set when EXPO_ENV=production."),
        (
            SAFE | {"SECRET_KEY": "short"},
            "SECRET_KEY is too short for EXPO_ENV=production; use at least 32 characters.",
        ),
        (
            SAFE | {"EXPO_PUBLIC_URL": "http://expo.example.org"},
            "EXPO_PUBLIC_URL must be set to an https:// address when EXPO_ENV=production.",
        ),
        (
            SAFE | {"EXPO_TRUSTED_PROXIES": "0"},
            (
                "EXPO_TRUSTED_PROXIES is 0 and EXPO_PUBLIC_URL is public: behind a proxy every visitor would have the "
                "proxy's address, and rate limits would stop all of them together. Set it to the number of proxies, or "
                "set EXPO_ALLOW_NO_PROXY=1 if there is no proxy."
            ),
        ),
        ({"EXPO_LOCK_TIMEOUT": "soon"}, "EXPO_LOCK_TIMEOUT is 'soon'; it must be a number of seconds."),
        (
            SAFE | {"MAIL_URL": ""},
            "MAIL_URL must be set when EXPO_ENV=production: e-mails would not be sent.",
        ),
    ],
)
def test_settings_when_wrong_then_the_error_names_the_variable(environ: dict[str, str], words: str) -> None:
    with pytest.raises(SettingsError) as error:
        Settings.from_env(environ)

    assert str(error.value) == words


def test_secret_key_when_none_is_given_then_one_is_made_once_and_kept_for_the_owner_alone(tmp_path: Path) -> None:
    first = Settings(data_dir=tmp_path / "new").with_secret_key().secret_key
    second = Settings(data_dir=tmp_path / "new").with_secret_key().secret_key

    assert first == second
    assert len(first) == 64
    assert (tmp_path / "new" / "secret_key").stat().st_mode & 0o777 == 0o600
    assert Settings(data_dir=tmp_path / "other").with_secret_key().secret_key != first


def test_secret_key_when_given_then_nothing_is_written(tmp_path: Path) -> None:
    assert Settings(data_dir=tmp_path, secret_key="mine").with_secret_key().secret_key == "mine"
    assert list(tmp_path.iterdir()) == []
