"""The application, for WSGI servers and the `flask` command."""

import sys

from expo.infra.config import Settings, SettingsError
from expo.infra.metrics import share_between_processes

try:
    settings = Settings.from_env()
    settings.make_data_dir()
    share_between_processes(settings)
    from expo.app import create_app

    app = create_app(settings)
except SettingsError as error:
    sys.exit(f"Error: {error}")
