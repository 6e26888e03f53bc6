"""The side navigation of the organizer pages, limited to what the viewer may open."""

from dataclasses import dataclass

from flask import g, request, url_for
from flask_babel import gettext as _

from expo.accounts.rules import Permission
from expo.imports.rules import PERMISSIONS
from expo.web.kit.access import Viewer, current_viewer

# Blueprints that belong to the settings section.
SETTINGS_FAMILY = tuple(
    f"organizer_{name}."
    for name in (
        "settings", "setup", "registration", "venue", "tickets", "add_ons", "quotas", "team", "second_factors",
        "api_tokens", "badge_keys", "editions", "kiosk",
    )
)  # fmt: skip
# Blueprints that belong to check-in.
CHECK_IN_FAMILY = tuple(
    f"organizer_{name}."
    for name in (
        "checkpoints", "door_rules", "door_questions", "try_out", "zones", "control_room", "arrivals", "attendance",
        "discrepancies", "evacuation", "devices",
    )
)  # fmt: skip


@dataclass(frozen=True)
class NavigationItem:
    """A link in the navigation."""

    label: str
    icon: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class _Place:
    label: str
    icon: str
    endpoint: str
    permission: Permission
    # Endpoints with one of these prefixes belong to the place.
    family: tuple[str, ...]
    # Other permissions that open the place too.
    or_permissions: tuple[Permission, ...] = ()
    # Where else it leads for those who may only open a part of it.
    others: tuple[tuple[Permission, str], ...] = ()

    def endpoint_for(self, viewer: Viewer) -> str | None:
        """Return the first page of the place that the viewer may open; None if there is none."""
        if any(viewer.can(each) for each in (self.permission, *self.or_permissions)):
            return self.endpoint
        return next((endpoint for permission, endpoint in self.others if viewer.can(permission)), None)


def list_navigation() -> list[NavigationItem]:
    """Return the places that the viewer may open, in the order of a typical working day."""
    places = (
        _Place(
            _("Overview"),
            "layout-dashboard",
            "organizer_overview.show_overview",
            Permission.REPORTS_READ,
            ("organizer_overview.",),
        ),
        _Place(
            _("Attendees"),
            "users",
            "organizer_attendees.list_attendees",
            Permission.ATTENDEES_READ,
            ("organizer_attendees.", "organizer_attendee_add_ons.", "organizer_approvals.", "organizer_selection."),
        ),
        _Place(_("Help desk"), "id-card", "desk.show", Permission.ATTENDEES_WRITE, ("desk.",)),
        _Place(
            _("Imports"),
            "upload",
            "organizer_imports.list_imports",
            Permission.ATTENDEES_WRITE,
            ("organizer_imports.",),
            tuple(PERMISSIONS.values()),
        ),
        _Place(
            _("Programme"),
            "calendar-days",
            "organizer_sessions.list_sessions",
            Permission.PROGRAM_READ,
            tuple(
                f"organizer_{name}."
                for name in (
                    "program",
                    "sessions",
                    "session_materials",
                    "speakers",
                    "tracks",
                    "session_types",
                    "timetable",
                    "versions",
                    "calls",
                    "call_questions",
                    "proposals",
                    "decisions",
                    "reviews",
                    "review_rounds",
                    "rankings",
                    "seats",
                    "feedback",
                    "screens",
                )
            ),
        ),
        _Place(
            _("Exhibitors"),
            "store",
            "organizer_exhibitors.list_companies",
            Permission.EXHIBITORS_READ,
            (
                "organizer_exhibitors.",
                "organizer_exhibitor_",
                "organizer_companies.",
                "organizer_company_selection.",
                "organizer_applications.",
                "organizer_application_questions.",
                "organizer_packages.",
                "organizer_topics.",
            ),
            others=((Permission.REPORTS_READ, "organizer_exhibitor_reports.show"),),
        ),
        _Place(
            _("Floor plan"),
            "map",
            "organizer_floor_plan.list_halls",
            Permission.EXHIBITORS_READ,
            ("organizer_floor_plan",),
        ),
        _Place(
            _("Meetings"),
            "handshake",
            "organizer_meetings.show_day",
            Permission.EXHIBITORS_MANAGE,
            ("organizer_meetings.", "organizer_meeting_tables.", "organizer_meeting_settings."),
        ),
        _Place(
            _("Check-in"),
            "scan-line",
            "organizer_checkpoints.show_checkpoints",
            Permission.CHECKPOINTS_MANAGE,
            CHECK_IN_FAMILY,
            others=(
                (Permission.REPORTS_READ, "organizer_control_room.show_board"),
                (Permission.ATTENDEES_READ, "organizer_evacuation.show_list"),
            ),
        ),
        _Place(_("E-mails"), "mail", "organizer_emails.list_emails", Permission.EMAILS_READ, ("organizer_emails.",)),
        _Place(
            _("Settings"),
            "settings",
            "organizer_settings.show_settings",
            Permission.EDITION_MANAGE,
            SETTINGS_FAMILY,
        ),
    )
    viewer = current_viewer()
    if g.edition is None:
        return []
    endpoint = request.endpoint or ""
    return [
        NavigationItem(place.label, place.icon, url_for(target), endpoint.startswith(place.family))
        for place in places
        if (target := place.endpoint_for(viewer)) is not None
    ]


def list_settings_pages() -> list[tuple[str, str]]:
    """Return the settings pages that the viewer may open, as (label, URL)."""
    viewer = current_viewer()
    if not viewer.can(Permission.EDITION_MANAGE):
        return []
    pages = [
        (_("Setup checklist"), "organizer_setup.checklist"),
        (_("Expo details"), "organizer_settings.edit_expo"),
        (_("Registration"), "organizer_registration.edit_window"),
        (_("Halls and rooms"), "organizer_venue.show_venue"),
        (_("Tickets"), "organizer_tickets.list_tickets"),
        (_("Add-ons"), "organizer_add_ons.show_add_ons"),
        (_("Quotas"), "organizer_quotas.show_quotas"),
        (_("Team"), "organizer_team.show_team"),
        (_("Security"), "organizer_second_factors.require_second_factors"),
        (_("Desk and kiosk"), "organizer_kiosk.show_settings"),
        (_("API tokens"), "organizer_api_tokens.show_tokens"),
        (_("Badge keys"), "organizer_badge_keys.show_keys"),
    ]
    if viewer.actor.may(Permission.EDITION_MANAGE, None):
        pages.append((_("All expos"), "organizer_editions.show_editions"))
    return [(label, url_for(endpoint)) for label, endpoint in pages]


def settings_trail(label: str, endpoint: str) -> list[tuple[str, str]]:
    """Return the breadcrumbs of a page within the settings: (label, URL) from the outermost."""
    return [(_("Settings"), url_for("organizer_settings.show_settings")), (label, url_for(endpoint))]
