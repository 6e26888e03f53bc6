"""Organizer pages: one package per section."""

from flask import Flask

from expo.web.organizer.add_ons import views as add_ons
from expo.web.organizer.api_tokens import views as api_tokens
from expo.web.organizer.arrivals import views as arrivals
from expo.web.organizer.attendance import views as attendance
from expo.web.organizer.attendees import add_ons as attendee_add_ons, approvals, selection, views as attendees
from expo.web.organizer.badge_keys import views as badge_keys
from expo.web.organizer.calls import questions as call_questions, views as calls
from expo.web.organizer.checkpoints import (
    questions as door_questions,
    rules as door_rules,
    try_out,
    views as checkpoints,
)
from expo.web.organizer.control_room import views as control_room
from expo.web.organizer.devices import views as devices
from expo.web.organizer.discrepancies import views as discrepancies
from expo.web.organizer.editions import views as editions
from expo.web.organizer.emails import views as emails
from expo.web.organizer.evacuation import views as evacuation
from expo.web.organizer.exhibitor_messages import views as exhibitor_messages
from expo.web.organizer.exhibitor_services import views as exhibitor_services
from expo.web.organizer.exhibitor_tasks import views as exhibitor_tasks
from expo.web.organizer.exhibitors import (
    applications,
    companies as exhibitor_companies,
    packages,
    questions as application_questions,
    reports as exhibitor_reports,
    selection as exhibitor_selection,
    views as exhibitors,
)
from expo.web.organizer.exports import views as exports
from expo.web.organizer.feedback import views as feedback
from expo.web.organizer.floor_plan import (
    booths as floor_plan_booths,
    settings as floor_plan_settings,
    views as floor_plan,
)
from expo.web.organizer.imports import views as imports
from expo.web.organizer.kiosk import views as kiosk
from expo.web.organizer.meetings import settings as meeting_settings, tables as meeting_tables, views as meetings
from expo.web.organizer.overview import views as overview
from expo.web.organizer.program import views as program
from expo.web.organizer.proposals import decisions, selected, views as proposals
from expo.web.organizer.quotas import views as quotas
from expo.web.organizer.registration import views as registration
from expo.web.organizer.reviews import rankings, rounds, views as reviews
from expo.web.organizer.screens import views as screens
from expo.web.organizer.search import views as search
from expo.web.organizer.seats import views as seats
from expo.web.organizer.session_types import views as session_types
from expo.web.organizer.sessions import materials as session_materials, views as sessions
from expo.web.organizer.settings import views as settings
from expo.web.organizer.setup import views as setup
from expo.web.organizer.speaker_tickets import views as speaker_tickets, without_account as speaker_registrations
from expo.web.organizer.speakers import invitations as speaker_invitations, views as speakers
from expo.web.organizer.styleguide import views as styleguide
from expo.web.organizer.team import second_factors, views as team
from expo.web.organizer.tickets import views as tickets
from expo.web.organizer.timetable import views as timetable
from expo.web.organizer.topics import views as topics
from expo.web.organizer.tracks import views as tracks
from expo.web.organizer.venue import views as venue
from expo.web.organizer.versions import views as versions
from expo.web.organizer.zones import views as zones


def register_organizer(app: Flask) -> None:
    """Register the blueprints of the organizer pages."""
    sections = (
        overview, search, attendees, attendee_add_ons, approvals, selection, imports, program, versions, door_rules,
        door_questions, try_out, topics, calls, call_questions, proposals, decisions, reviews, rounds, rankings,
        selected, sessions, session_materials, speakers, speaker_tickets, speaker_registrations, tracks, session_types,
        checkpoints, emails, settings, setup, registration, venue, tickets, add_ons, quotas, team, second_factors,
        zones, control_room, arrivals, attendance, discrepancies, evacuation, seats, feedback, screens, kiosk,
        devices, exhibitors, exhibitor_companies, applications, application_questions, packages, exhibitor_tasks,
        exhibitor_services, exhibitor_messages, floor_plan, floor_plan_booths, floor_plan_settings, timetable,
        exports, api_tokens, badge_keys, editions, styleguide, meetings, meeting_tables, meeting_settings,
        exhibitor_reports, exhibitor_selection, speaker_invitations,
    )  # fmt: skip
    for section in sections:
        app.register_blueprint(section.blueprint)
