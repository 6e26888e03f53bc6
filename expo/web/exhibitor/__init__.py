"""Exhibitors' pages: what the team of a company manages on its own."""

from flask import Flask


def register_exhibitor(app: Flask) -> None:
    """Register the sections of the exhibitor's pages."""
    # Imported here because the sections import this package first.
    from expo.web.exhibitor import (  # noqa: PLC0415
        applications,
        documents,
        invitations,
        licences,
        meeting_check_in,
        meetings,
        messages,
        overview,
        page,
        passes,
        products,
        report,
        services,
        suggestions,
        tasks,
        team,
    )
    from expo.web.exhibitor.leads import exports, installed, questions, record, scanner, views as leads  # noqa: F401, PLC0415
    from expo.web.exhibitor.webhooks import views as webhooks  # noqa: PLC0415

    app.register_blueprint(overview.start_blueprint)
    app.register_blueprint(applications.blueprint)
    app.register_blueprint(invitations.blueprint)
    sections = (
        overview, page, products, documents, team, passes, licences, tasks, services, messages, suggestions, leads,
        scanner, installed, webhooks, meeting_check_in, meetings, report,
    )  # fmt: skip
    for section in sections:
        app.register_blueprint(section.blueprint)
