"""Limits of the files of a session. Pure."""

MAX_MATERIALS = 20
MAX_TITLE_LENGTH = 200
