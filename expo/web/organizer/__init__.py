"""Pages of the staff: today, people, programme, exhibitors, doors, letters, settings."""

from flask import Flask

from expo.web.organizer import (
    checkpoints,
    desk,
    doors,
    exhibitors,
    exports,
    find,
    imports,
    letters,
    people,
    program,
    registration_window,
    security,
    selection,
    settings,
    setup,
    styleguide,
    today,
    venue,
)


def register_organizer(app: Flask) -> None:
    """Register the blueprints of the organizer's pages."""
    for section in (
        today,
        find,
        people,
        selection,
        desk,
        program,
        exhibitors,
        doors,
        letters,
        imports,
        exports,
        settings,
        security,
        styleguide,
        setup,
        venue,
        registration_window,
        checkpoints,
    ):
        app.register_blueprint(section.blueprint)
