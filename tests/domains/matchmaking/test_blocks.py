"""People who blocked or reported somebody are never recommended to them, nor the other way round."""

from datetime import UTC, datetime
from itertools import count

from flask import Flask

from expo.editions.queries import EditionFacts, get_edition
from expo.infra.db import atomic, db
from expo.matchmaking.queries import recommend_exhibitors, recommend_people, recommend_people_for_exhibitor
from expo.meetings.models import Meeting, MeetingBlock, MeetingParticipant, MeetingReport
from expo.profiles.rules import Visibility
from tests.make import MadeAttendee
from tests.profiles import join_company, make_company, make_person

STORAGE = ("storage",)
NOW = datetime(2027, 3, 26, tzinfo=UTC)
_numbers = count(1)


def person(edition: EditionFacts, now: datetime, name: str) -> MadeAttendee:
    return make_person(edition, now, Visibility.EVERYONE, {"name": name}, offers=STORAGE, seeks=STORAGE)


def company(edition: EditionFacts, now: datetime, name: str) -> int:
    return make_company(edition, now, name, offers=STORAGE, seeks=STORAGE)


def block(now: datetime, **ids: int) -> None:
    with atomic():
        db.session.add(MeetingBlock(created_at=now, **ids))


def report(
    edition: EditionFacts, now: datetime, *guests: int, side: str, host: int = 0, exhibitor: int = 0, whom: int = 0
) -> None:
    """Store a complaint about a meeting that was cancelled, so that nothing else speaks against meeting again.

    It is between the host and `whom`, one of the guests; between the host and all guests if that was not noted.
    """
    code = f"M{next(_numbers)}"
    with atomic():
        meeting = Meeting(
            edition_id=edition.id,
            code=code,
            request_key=code,
            exhibitor_id=exhibitor or None,
            state="cancelled",
            initiator="host",
            created_at=now,
            changed_at=now,
        )
        db.session.add(meeting)
        db.session.flush()
        made = {}
        for attendee_id, own in (*((each, "guest") for each in guests), *([(host, "host")] if host else [])):
            made[attendee_id] = MeetingParticipant(
                meeting_id=meeting.id, side=own, attendee_id=attendee_id, state="joined"
            )
        db.session.add_all(made.values())
        db.session.flush()
        guest_id = made[whom].id if whom else None
        db.session.add(MeetingReport(meeting_id=meeting.id, side=side, guest_id=guest_id, text="Rude", created_at=now))


def people(edition: EditionFacts, made: MadeAttendee) -> set[str]:
    return {each.person.name for each in recommend_people(get_edition(edition.id), made.id, NOW, 50)}


def companies(edition: EditionFacts, made: MadeAttendee) -> set[str]:
    return {each.exhibitor.name for each in recommend_exhibitors(get_edition(edition.id), made.id, NOW, 50)}


def visitors(edition: EditionFacts, exhibitor_id: int) -> set[str]:
    found = recommend_people_for_exhibitor(get_edition(edition.id), exhibitor_id, NOW, 50)
    return {each.person.name for each in found}


def test_people_when_one_blocks_or_reports_the_other_then_recommended_in_neither_direction(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    ann = person(edition, now, "Ann")
    names = ("Blocked", "Blocker", "Reported", "Reporter", "Plain")
    others = {name: person(edition, now, name) for name in names}
    assert people(edition, ann) == set(names)
    assert all("Ann" in people(edition, each) for each in others.values())

    block(now, attendee_id=ann.id, blocked_attendee_id=others["Blocked"].id)
    block(now, attendee_id=others["Blocker"].id, blocked_attendee_id=ann.id)
    report(edition, now, ann.id, side="guest", host=others["Reported"].id)
    report(edition, now, ann.id, side="host", host=others["Reporter"].id)

    assert people(edition, ann) == {"Plain"}
    assert [name for name, each in others.items() if "Ann" in people(edition, each)] == ["Plain"]
    # The others have nothing against each other.
    assert people(edition, others["Blocked"]) == {"Blocker", "Reported", "Reporter", "Plain"}


def test_companies_when_blocked_or_reported_by_either_side_then_recommended_in_neither_direction(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    ann, ben = person(edition, now, "Ann"), person(edition, now, "Ben")
    names = ("Blocked", "Blocker", "Reported", "Reporter", "Plain")
    made = {name: company(edition, now, name) for name in names}
    rep = person(edition, now, "Rep")
    join_company(made["Blocked"], rep, now)
    assert (companies(edition, ann), people(edition, ann)) == (set(names), {"Ben", "Rep"})
    assert all("Ann" in visitors(edition, each) for each in made.values())

    block(now, attendee_id=ann.id, blocked_exhibitor_id=made["Blocked"])
    block(now, exhibitor_id=made["Blocker"], blocked_attendee_id=ann.id)
    report(edition, now, ann.id, side="guest", exhibitor=made["Reported"])
    report(edition, now, ann.id, side="host", exhibitor=made["Reporter"])

    assert companies(edition, ann) == {"Plain"}
    assert [name for name, each in made.items() if "Ann" in visitors(edition, each)] == ["Plain"]
    assert all("Ben" in visitors(edition, each) for each in made.values())
    assert companies(edition, ben) == set(names)
    # Nobody who works for a company that Ann blocked is recommended to her, nor is she to them.
    assert (people(edition, ann), people(edition, rep)) == ({"Ben"}, {"Ben"})


def test_visitors_when_one_blocks_a_member_of_the_team_then_not_suggested_to_the_team(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    ann, rep = person(edition, now, "Ann"), person(edition, now, "Rep")
    team = company(edition, now, "Lake Ltd")
    join_company(team, rep, now)
    assert "Ann" in visitors(edition, team)

    block(now, attendee_id=ann.id, blocked_attendee_id=rep.id)

    assert "Ann" not in visitors(edition, team)
    assert companies(edition, ann) == {"Lake Ltd"}


def test_group_when_one_guest_and_the_host_complain_then_only_those_two_are_kept_apart(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    ann, ben, old = (person(edition, now, each) for each in ("Ann", "Ben", "Old"))
    host, team = person(edition, now, "Host"), company(edition, now, "Lake Ltd")

    report(edition, now, ann.id, ben.id, side="guest", host=host.id, whom=ann.id)
    report(edition, now, ann.id, ben.id, side="host", exhibitor=team, whom=ann.id)

    assert (people(edition, ann), companies(edition, ann)) == ({"Ben", "Old"}, set())
    assert (people(edition, ben), companies(edition, ben)) == ({"Ann", "Host", "Old"}, {"Lake Ltd"})
    assert (people(edition, host), visitors(edition, team)) == ({"Ben", "Old"}, {"Ben", "Host", "Old"})

    report(edition, now, ben.id, old.id, side="guest", host=host.id)

    assert people(edition, host) == set()
