"""HTML for a person: one package per audience, and the kit that they share."""

from flask import Flask


def register_pages(app: Flask) -> None:
    """Register the blueprints of every audience."""
    from expo.web import operations  # noqa: PLC0415

    app.register_blueprint(operations.blueprint)
