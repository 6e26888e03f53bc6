"""The application, for a WSGI server and for the `flask` command."""

import sys

from expo.app import create_app
from expo.infra.config import SettingsError

try:
    app = create_app()
except SettingsError as error:
    sys.exit(f"Error: {error}")
