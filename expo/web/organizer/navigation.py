"""The left navigation of the organizer's pages: by task, showing what this person may open."""

from dataclasses import dataclass

from flask import g, request, url_for
from flask_babel import gettext as _

from expo.accounts.rules import Permission
from expo.web.kit.access import current_viewer


@dataclass(frozen=True)
class NavigationItem:
    """One place to go."""

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
    # Endpoints that begin with one of these belong to the place.
    family: tuple[str, ...]


def list_navigation() -> list[NavigationItem]:
    """Return the places that the viewer may open, in the order of a working day."""
    places = (
        _Place(_("Overview"), "layout-dashboard", "organizer.today", Permission.REPORTS_READ, ("organizer.today",)),
        _Place(
            _("Attendees"),
            "users",
            "organizer_people.list_people",
            Permission.ATTENDEES_READ,
            ("organizer_people.", "organizer_desk.", "organizer_selection."),
        ),
        _Place(
            _("Imports"),
            "upload",
            "organizer_imports.list_imports",
            Permission.ATTENDEES_WRITE,
            ("organizer_imports.",),
        ),
        _Place(
            _("Programme"),
            "calendar-days",
            "organizer_program.list_program_sessions",
            Permission.PROGRAM_READ,
            ("organizer_program.",),
        ),
        _Place(
            _("Exhibitors"),
            "store",
            "organizer_exhibitors.list_companies",
            Permission.EXHIBITORS_READ,
            ("organizer_exhibitors.",),
        ),
        _Place(
            _("Check-in"),
            "scan-line",
            "organizer_doors.list_doors",
            Permission.CHECKPOINTS_MANAGE,
            ("organizer_doors.", "organizer_checkpoints."),
        ),
        _Place(_("E-mails"), "mail", "organizer_letters.outbox", Permission.LETTERS_READ, ("organizer_letters.",)),
        _Place(
            _("Settings"),
            "settings",
            "organizer_settings.overview",
            Permission.EDITION_MANAGE,
            ("organizer_settings.", "organizer_setup.", "organizer_venue.", "organizer_registration."),
        ),
    )
    viewer = current_viewer()
    if g.edition is None:
        return []
    endpoint = request.endpoint or ""
    return [
        NavigationItem(place.label, place.icon, url_for(place.endpoint), endpoint.startswith(place.family))
        for place in places
        if viewer.can(place.permission)
    ]


def list_settings_pages() -> list[tuple[str, str]]:
    """Return the pages of the settings that the viewer may open, as (label, address)."""
    viewer = current_viewer()
    if not viewer.can(Permission.EDITION_MANAGE):
        return []
    pages = [
        (_("Setup checklist"), "organizer_setup.checklist"),
        (_("Expo details"), "organizer_settings.edit_edition"),
        (_("Registration"), "organizer_registration.edit_window"),
        (_("Halls and rooms"), "organizer_venue.show_venue"),
        (_("Tickets"), "organizer_settings.list_tickets"),
        (_("Quotas"), "organizer_settings.list_all_quotas"),
        (_("Team"), "organizer_settings.people_and_roles"),
        (_("API tokens"), "organizer_settings.api_tokens"),
        (_("Badge keys"), "organizer_settings.signing_keys"),
    ]
    if viewer.actor.may(Permission.EDITION_MANAGE, None):
        pages.append((_("All expos"), "organizer_settings.editions_page"))
    return [(label, url_for(endpoint)) for label, endpoint in pages]
