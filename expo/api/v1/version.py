"""The routes of version 1; each module in this package declares its own."""

from expo.api.routes import Routes

PREFIX = "/api/v1"
VERSION = "1.0.0"

v1 = Routes()
