"""The directory of the people who agreed to be found, for those whom they agreed to be found by."""

from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _

from expo.exhibitors.queries import list_memberships, list_topics
from expo.exhibitors.rules import TeamAction
from expo.profiles.queries import PAGE_SIZE, PeopleFilter, ProfileRow, find_profile, get_person, search_people
from expo.profiles.rules import Viewer, Visibility
from expo.web.attendee.own import current_people_viewer
from expo.web.kit.access import Audience, audience_blueprint, current_edition, current_person_id
from expo.web.kit.countries import countries_in
from expo.web.kit.language import current_locale
from expo.web.kit.person_texts import describe_person
from expo.web.kit.profile_labels import INDUSTRIES, PURPOSES
from expo.web.kit.topic_choices import topic_groups

blueprint = audience_blueprint("attendee_people", __name__, Audience.ATTENDEES, url_prefix="/people")


@blueprint.get("", strict_slashes=False)
def list_people() -> str:
    """List the people whom the viewer may see and who match the search."""
    edition, viewer = current_edition(), current_people_viewer()
    wanted = _read_filter()
    page = max(request.args.get("page", 1, type=int), 1)
    found = search_people(edition.id, viewer, wanted, list_topics(edition.id), page=page)
    values = {name: value for name, value in vars(wanted).items() if value}
    return render_template(
        "attendee/people/list.html",
        wanted=wanted,
        people=[(describe_person(each), _can_ask(viewer, each)) for each in found.people],
        total=found.total,
        is_similar=found.is_similar,
        may_see=bool(viewer.sees),
        is_hidden=all(_is_hidden(attendee_id) for attendee_id in viewer.attendee_ids),
        page=page,
        pages=-(-found.total // PAGE_SIZE),
        url_of=lambda number: url_for("attendee_people.list_people", page=number, **values),
        choices=_choices(),
    )


@blueprint.get("/<key>")
def show_person(key: str) -> str:
    """Show one person, if the viewer may see them, with whom they can meet: the visitor, or the viewer's company."""
    edition, viewer = current_edition(), current_people_viewer()
    row = get_person(edition.id, viewer, key)
    memberships = list_memberships(edition.id, current_person_id())
    return render_template(
        "attendee/people/person.html",
        person=describe_person(row),
        can_ask=_can_ask(viewer, row),
        companies=[each for each in memberships if each.may(TeamAction.HANDLE_MEETINGS)],
    )


def _can_ask(viewer: Viewer, row: ProfileRow) -> bool:
    """Return whether the viewer can ask somebody as a visitor, not only for a company."""
    return bool(viewer.attendee_ids) and row.profile.visibility is Visibility.EVERYONE


def _read_filter() -> PeopleFilter:
    args = request.args
    return PeopleFilter(
        q=args.get("q", "").strip()[:100],
        topic=args.get("topic", "")[:48],
        industry=args.get("industry", "") if args.get("industry") in INDUSTRIES else "",
        purpose=args.get("purpose", "") if args.get("purpose") in PURPOSES else "",
        country=args.get("country", "")[:2],
    )


def _choices() -> dict[str, Any]:
    return {
        "topics": topic_groups(),
        "industry": (_("Industry"), list(INDUSTRIES.items())),
        "purpose": (_("Here to"), list(PURPOSES.items())),
        "country": (_("Country or region"), countries_in(current_locale())),
    }


def _is_hidden(attendee_id: int) -> bool:
    profile = find_profile(attendee_id)
    return profile is None or profile.visibility is Visibility.NOBODY
