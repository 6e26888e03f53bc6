"""HTML for a person: one package per audience, and the kit that they share."""

from flask import Flask


def register_pages(app: Flask) -> None:
    """Register the blueprints of every audience."""
    from expo.web import operations
    from expo.web.attendee import matches, views as attendee
    from expo.web.door import views as door
    from expo.web.organizer import register_organizer
    from expo.web.public import exhibitors, home, program, registration
    from expo.web.sign_in import views as sign_in

    for blueprint in (
        operations.blueprint,
        home.blueprint,
        registration.blueprint,
        program.blueprint,
        exhibitors.blueprint,
        sign_in.blueprint,
        sign_in.account_blueprint,
        attendee.blueprint,
        matches.blueprint,
        door.blueprint,
    ):
        app.register_blueprint(blueprint)
    register_organizer(app)
