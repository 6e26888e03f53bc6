"""Companies are merged and deleted with everything that refers to them, in every table."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    insert,
    select,
    text,
)

from expo.accounts.errors import PermissionMissing
from expo.accounts.rules import ANONYMOUS, SYSTEM
from expo.editions.queries import EditionFacts
from expo.errors import Conflict, Invalid, Outdated
from expo.exhibitors.errors import ExhibitorMissing
from expo.exhibitors.models import Booth, ExhibitorTopic, Member, PageView
from expo.exhibitors.queries import (
    count_references,
    find_application,
    get_record,
    list_exhibitors_by_id,
    list_members,
    list_packages,
)
from expo.exhibitors.rules import ApplicationRequest, MemberRole, MemberState, WindowRequest, read_companies
from expo.exhibitors.services import (
    add_invitation,
    count_page_view,
    delete_company,
    import_companies,
    merge_companies,
    send_application,
    set_window,
)
from expo.exhibitors.services.references import delete_references, move_references
from expo.infra.db import atomic, db
from tests.domains.exhibitors.makers import make_company, make_member, make_package, make_person
from tests.make import make_attendee

FILE = """Company,Hall,Booth,Categories,Country
Ada,Hall 1,A1,Cloud; AI,GB
Ada Limited,Hall 1,A1; A2,AI; Robots,
"""


@pytest.fixture
def pair(edition: EditionFacts, now: datetime) -> tuple[str, str]:
    """The slugs of two companies that share a booth, a category and a topic."""
    import_companies(SYSTEM, edition.id, read_companies(FILE.encode()), now)
    with atomic():
        for slug, topics in (("ada", ("ai", "cloud")), ("ada-limited", ("ai", "robots"))):
            for topic in topics:
                topic_of = ExhibitorTopic(exhibitor_id=get_record(edition.id, slug).id, topic=topic, weight=1.0)
                db.session.add(topic_of)
    return "ada", "ada-limited"


def test_merge_when_both_have_the_same_then_it_is_there_once_and_the_rest_moves(
    edition: EditionFacts, pair: tuple[str, str], now: datetime
) -> None:
    duplicate, survivor = (get_record(edition.id, slug) for slug in pair)

    merge_companies(SYSTEM, edition.id, duplicate.slug, survivor.slug, now)

    (row,) = list_exhibitors_by_id(edition.id, [duplicate.id, survivor.id])
    topics = db.session.scalars(select(ExhibitorTopic.topic).where(ExhibitorTopic.exhibitor_id == survivor.id))
    assert (row.name, row.country, sorted(each.code for each in row.booths)) == ("Ada Limited", "GB", ["A1", "A2"])
    assert sorted(each.slug for each in row.categories) == ["ai", "cloud", "robots"]
    assert sorted(topics) == ["ai", "cloud", "robots"]
    with pytest.raises(ExhibitorMissing):
        get_record(edition.id, duplicate.slug)


def test_merge_when_people_are_on_both_teams_then_they_keep_what_is_more(
    edition: EditionFacts, pair: tuple[str, str], now: datetime
) -> None:
    duplicate, survivor = (get_record(edition.id, slug) for slug in pair)
    add_invitation(SYSTEM, edition.id, survivor.slug, "both@example.org", "", MemberRole.EDITOR, "en", now)
    both, _ = make_member(edition, duplicate, now, MemberRole.OWNER, "both@example.org")
    make_member(edition, duplicate, now, MemberRole.REPRESENTATIVE, "one@example.org")

    merge_companies(SYSTEM, edition.id, duplicate.slug, survivor.slug, now)

    members = [(each.email, each.role, each.state, each.person_id) for each in list_members(survivor.id)]
    assert members[0] == ("both@example.org", MemberRole.OWNER, MemberState.ACTIVE, both.id)
    assert [each[0] for each in members] == ["both@example.org", "one@example.org"]


def test_merge_when_an_application_has_the_name_of_a_company_then_its_owner_joins_the_team(
    edition: EditionFacts, now: datetime
) -> None:
    make_package(edition, now, "Gold", size=1)
    company = make_company(edition, now, "Ada", package="gold")
    set_window(SYSTEM, edition.id, WindowRequest(is_open=True), now)
    applicant = make_person(now, "ada@example.org")
    sent = send_application(
        applicant, edition.id, ApplicationRequest("ADA", "Ada", "GB", description="Engines"), {}, "en", now
    )

    merge_companies(SYSTEM, edition.id, sent.slug, company.slug, now)

    record, application = get_record(edition.id, company.slug), find_application(edition.id, company.slug)
    assert (record.name, record.description, record.package) == ("Ada", {"en": "Engines"}, "gold")
    assert [(each.email, each.role) for each in list_members(company.id)] == [("ada@example.org", MemberRole.OWNER)]
    assert application is not None
    assert [each.taken for each in list_packages(edition.id)] == [1]


def test_merge_when_both_pages_were_viewed_then_the_views_add_up_hour_by_hour(
    edition: EditionFacts, pair: tuple[str, str], now: datetime
) -> None:
    duplicate, survivor = (get_record(edition.id, slug) for slug in pair)
    later = now + timedelta(hours=3)
    for slug, moments in ((duplicate.slug, (now, now, later)), (survivor.slug, (now,))):
        for moment in moments:
            count_page_view(ANONYMOUS, edition, slug, moment)

    merge_companies(SYSTEM, edition.id, duplicate.slug, survivor.slug, now)

    views = db.session.execute(select(PageView.exhibitor_id, PageView.count).order_by(PageView.hour_at)).all()
    assert [tuple(row) for row in views] == [(survivor.id, 3), (survivor.id, 1)]


def test_merge_when_both_companies_are_the_same_or_one_is_of_another_expo_then_refused(
    edition: EditionFacts, other_edition: EditionFacts, now: datetime
) -> None:
    company, foreign = make_company(edition, now, "Ada"), make_company(other_edition, now, "Babbage")

    with pytest.raises(Invalid, match="exhibitor_merged_with_itself"):
        merge_companies(SYSTEM, edition.id, company.slug, company.slug, now)
    for pair in ((company.slug, foreign.slug), (foreign.slug, company.slug)):
        with pytest.raises(ExhibitorMissing):
            merge_companies(SYSTEM, edition.id, *pair, now)
    with pytest.raises(PermissionMissing):
        merge_companies(ANONYMOUS, edition.id, company.slug, "other", now)


def test_company_when_deleted_then_only_with_its_records_confirmed(
    edition: EditionFacts, pair: tuple[str, str], now: datetime
) -> None:
    record = get_record(edition.id, pair[0])
    make_member(edition, record, now)

    assert count_references(record.id) == {"exhibitor_member": 1}
    with pytest.raises(Conflict, match="exhibitor_in_use"):
        delete_company(SYSTEM, edition.id, record.slug, None, now, with_uses=False)
    with pytest.raises(Outdated):
        delete_company(SYSTEM, edition.id, record.slug, "0", now)
    delete_company(SYSTEM, edition.id, record.slug, record.version, now)

    assert count_references(record.id) == {}
    assert list_members(record.id) == []
    assert get_record(edition.id, pair[1]).booths != ()
    # The booth that it shared is now the other company's; after that, it can be sold again.
    other = get_record(edition.id, pair[1])
    assert _read_booth() == ("sold", other.id)
    delete_company(SYSTEM, edition.id, other.slug, None, now)
    assert _read_booth() == ("free", None)


def _read_booth() -> tuple[str, int | None]:
    booth = db.session.scalars(select(Booth).where(Booth.code == "A1")).one()
    db.session.refresh(booth)
    return booth.state, booth.holder_id


def test_company_when_its_team_has_badges_then_not_deleted(
    edition: EditionFacts, pair: tuple[str, str], now: datetime
) -> None:
    record = get_record(edition.id, pair[0])
    _, member = make_member(edition, record, now)
    with atomic():
        db.session.get_one(Member, member.id).attendee_id = make_attendee(edition, now).id

    with pytest.raises(Conflict, match="exhibitor_has_passes"):
        delete_company(SYSTEM, edition.id, record.slug, None, now)


@pytest.fixture
def tables(edition: EditionFacts) -> dict[str, Table]:
    """Tables in addition to the product's: stands with notes, which visitors may tag once until removed."""
    metadata = MetaData()
    found = {
        "owner": Table("probe_owner", metadata, Column("id", Integer, primary_key=True)),
        "stand": Table(
            "probe_stand",
            metadata,
            Column("id", Integer, primary_key=True),
            Column("owner_id", ForeignKey("probe_owner.id")),
            Column("code", String(8)),
            UniqueConstraint("owner_id", "code"),
        ),
        "note": Table(
            "probe_note",
            metadata,
            Column("id", Integer, primary_key=True),
            Column("stand_id", ForeignKey("probe_stand.id")),
        ),
        "tag": Table(
            "probe_tag",
            metadata,
            Column("id", Integer, primary_key=True),
            Column("owner_id", ForeignKey("probe_owner.id")),
            Column("visitor", Integer),
            Column("removed_at", Integer),
        ),
    }
    condition = text("removed_at IS NULL")
    tag = found["tag"]
    Index("uq_probe_tag", tag.c.owner_id, tag.c.visitor, unique=True, sqlite_where=condition)
    db.session.rollback()
    with atomic():
        metadata.create_all(db.session.connection())
        contents: dict[str, list[dict[str, Any]]] = {
            "owner": [{"id": 1}, {"id": 2}],
            "stand": [
                {"id": 1, "owner_id": 1, "code": "A"},
                {"id": 2, "owner_id": 1, "code": "B"},
                {"id": 3, "owner_id": 2, "code": "A"},
            ],
            "note": [{"id": 1, "stand_id": 1}, {"id": 2, "stand_id": 3}],
            "tag": [
                {"id": 1, "owner_id": 1, "visitor": 7, "removed_at": None},
                {"id": 2, "owner_id": 1, "visitor": 8, "removed_at": 1},
                {"id": 3, "owner_id": 2, "visitor": 7, "removed_at": None},
                {"id": 4, "owner_id": 2, "visitor": 8, "removed_at": None},
            ],
        }
        for name, rows in contents.items():
            db.session.execute(insert(found[name]), rows)
    return found


def _rows(table: Table) -> list[tuple[object, ...]]:
    return [tuple(row) for row in db.session.execute(select(table).order_by(table.c.id))]


def test_references_when_moved_then_equal_rows_are_merged_and_theirs_follow(tables: dict[str, Table]) -> None:
    with atomic():
        move_references(tables["owner"], 1, 2)

    assert _rows(tables["stand"]) == [(2, 2, "B"), (3, 2, "A")]
    assert _rows(tables["note"]) == [(1, 3), (2, 3)]
    assert _rows(tables["tag"]) == [(2, 2, 8, 1), (3, 2, 7, None), (4, 2, 8, None)]


def test_references_when_deleted_then_so_is_what_refers_to_them(tables: dict[str, Table]) -> None:
    with atomic():
        delete_references(tables["owner"], [1])

    assert _rows(tables["stand"]) == [(3, 2, "A")]
    assert _rows(tables["note"]) == [(2, 3)]
    assert [row[0] for row in _rows(tables["tag"])] == [3, 4]
