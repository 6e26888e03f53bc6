"""HTML pages: one package per audience, and the kit they share."""

from flask import Flask


def register_pages(app: Flask) -> None:
    """Register the blueprints of every audience."""
    # Imported here because the kit imports this package first.
    from expo.web import operations, redirects  # noqa: PLC0415
    from expo.web.account import confirmation, password, second_factors, views as account  # noqa: PLC0415
    from expo.web.attendee import (  # noqa: PLC0415
        busy_marks,
        favourites,
        feedback,
        meetings,
        people,
        profile as attendee_profile,
        recommendations,
        reminders,
        seats,
        sharing,
        views as attendee,
    )
    from expo.web.desk import (  # noqa: PLC0415
        actions,
        add_ons as desk_add_ons,
        corrections,
        lists,
        printing,
        views as desk,
        walk_ins,
    )
    from expo.web.door import devices as door_devices, installed, views as door  # noqa: PLC0415
    from expo.web.exhibitor import register_exhibitor  # noqa: PLC0415
    from expo.web.hub import views as hub  # noqa: PLC0415
    from expo.web.kiosk import views as kiosk  # noqa: PLC0415
    from expo.web.organizer import register_organizer  # noqa: PLC0415
    from expo.web.public import (  # noqa: PLC0415
        agenda,
        applications,
        calendars,
        cfp,
        company_files,
        company_views,
        exhibitors,
        home,
        map as venue_map,
        materials as public_materials,
        program,
        program_feeds,
        program_versions,
        registration,
        screens,
        sitemap,
    )
    from expo.web.sign_in import links, second_step, views as sign_in  # noqa: PLC0415
    from expo.web.speaker import (  # noqa: PLC0415
        co_speakers,
        feedback as speaker_feedback,
        invitations,
        materials,
        overview,
        profile,
        proposals,
        slides,
    )

    sections = (
        operations, redirects, home, registration, program, program_versions, exhibitors, sign_in, links,
        second_step, account, confirmation, password, second_factors, attendee, recommendations, door, cfp, overview,
        proposals, co_speakers, slides, materials, profile, invitations, desk, actions, corrections, desk_add_ons,
        walk_ins, printing, lists, kiosk, hub, venue_map, seats, feedback, reminders, agenda, calendars, screens,
        public_materials, door_devices, installed, company_files, applications, favourites, attendee_profile, people,
        sharing, meetings, busy_marks, company_views, program_feeds, sitemap, speaker_feedback,
    )  # fmt: skip
    for section in sections:
        app.register_blueprint(section.blueprint)
    register_exhibitor(app)
    register_organizer(app)
