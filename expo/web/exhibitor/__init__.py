"""Exhibitor's pages: what the team of a company manages by itself."""

from flask import Flask


def register_exhibitor(app: Flask) -> None:
    """Register the sections of the exhibitor's pages."""
    # Imported here because the sections import this package first.
    from expo.web.exhibitor import (  # noqa: PLC0415
        documents,
        invitations,
        messages,
        overview,
        page,
        products,
        report,
        services,
        tasks,
        team,
    )

    app.register_blueprint(overview.start_blueprint)
    app.register_blueprint(invitations.blueprint)
    for section in (overview, page, products, documents, tasks, services, messages, report, team):
        app.register_blueprint(section.blueprint)
