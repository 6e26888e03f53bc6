"""Pages of the staff: today, people, programme, exhibitors, doors, letters, settings."""

from flask import Flask

from expo.web.organizer import doors, exhibitors, find, letters, people, program, security, settings, styleguide, today


def register_organizer(app: Flask) -> None:
    """Register the blueprints of the organizer's pages."""
    for section in (today, find, people, program, exhibitors, doors, letters, settings, security, styleguide):
        app.register_blueprint(section.blueprint)
