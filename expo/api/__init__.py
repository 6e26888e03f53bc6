"""JSON for scanners, partners and programs."""

from flask import Flask
from flask_wtf.csrf import CSRFProtect


def register_api(app: Flask, csrf: CSRFProtect) -> None:
    """Register the API. It takes bearer tokens and no cookies, so form tokens do not apply to it."""
