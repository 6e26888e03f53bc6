"""Exhibitor's pages: what the team of a company manages by itself."""

from flask import Flask


def register_exhibitor(app: Flask) -> None:
    """Register the sections of the exhibitor's pages."""
    # Imported here because the sections import this package first.
    from expo.web.exhibitor import overview  # noqa: PLC0415
    from expo.web.exhibitor.leads import exports, installed, questions, record, scanner, views as leads  # noqa: PLC0415, F401
    from expo.web.exhibitor.webhooks import views as webhooks  # noqa: PLC0415

    app.register_blueprint(overview.start_blueprint)
    for section in (overview, leads, scanner, installed, webhooks):
        app.register_blueprint(section.blueprint)
