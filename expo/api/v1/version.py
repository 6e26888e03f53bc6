"""The routes of version 1: each module beside this one declares its own here."""

from expo.api.routes import Routes

PREFIX = "/api/v1"
VERSION = "1.0.0"

v1 = Routes()
