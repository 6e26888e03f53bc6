"""Exhibitor's pages: what the team of a company manages by itself."""

from flask import Flask


def register_exhibitor(app: Flask) -> None:
    """Register the sections of the exhibitor's pages."""
    # Imported here because the sections import this package first.
    from expo.web.exhibitor import meetings, overview  # noqa: PLC0415

    app.register_blueprint(overview.start_blueprint)
    for section in (overview, meetings):
        app.register_blueprint(section.blueprint)
