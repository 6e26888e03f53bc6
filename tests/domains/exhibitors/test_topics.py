"""The topics of an edition, and those that companies choose."""

from datetime import datetime

import pytest
from flask import Flask

from expo.accounts.errors import PermissionMissing
from expo.accounts.rules import ANONYMOUS, SYSTEM
from expo.editions.queries import EditionFacts
from expo.errors import Conflict, Invalid, Missing
from expo.exhibitors.errors import ExhibitorMissing
from expo.exhibitors.queries import CompanyTopics, list_company_topics, list_topics
from expo.exhibitors.rules import MemberRole, TopicRequest
from expo.exhibitors.services import choose_company_topics
from expo.flows.topics import import_topics, reset_topic, save_topic
from expo.pure.topics import bundled_topics
from tests.conftest import make_edition
from tests.make import make_attendee
from tests.profiles import join_company, make_company, own_actor


def test_topics_when_nothing_is_changed_then_the_bundled_ones(app: Flask, edition: EditionFacts) -> None:
    assert list_topics(edition.id) == bundled_topics()


def test_topic_when_added_renamed_moved_and_hidden_then_so_in_this_edition_only(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    other = make_edition(now, "expo-2028", 2028)

    code = save_topic(SYSTEM, edition.id, TopicRequest("storage", {"en": "Tape robots", "zh": "磁带库"}, ("LTO",)), now)
    save_topic(SYSTEM, edition.id, TopicRequest("ai", {"en": "Quanta"}, code="quantum", is_hidden=True), now)

    topics = list_topics(edition.id)
    added, changed = topics.by_code[code], topics.by_code["quantum"]
    assert (added.parent, added.group, added.keywords) == ("storage", "computing", ("lto",))
    assert (topics.name(code, "zh"), topics.name("quantum", "en"), topics.name("quantum", "zh")) == (
        "磁带库",
        "Quanta",
        bundled_topics().by_code["quantum"].names["zh"],
    )
    assert (changed.group, changed.is_hidden, "quantum" in topics.choices) == ("ai", True, False)
    assert topics.by_code["quantum-computing"].group == "ai"
    assert list_topics(other.id) == bundled_topics()


def test_topic_when_reset_then_as_delivered_and_an_added_one_is_gone_with_its_choices(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_company(edition, now, "Lake Ltd")
    code = save_topic(SYSTEM, edition.id, TopicRequest("storage", {"en": "Tape robots"}), now)
    save_topic(SYSTEM, edition.id, TopicRequest("ai", {"en": "Quanta"}, code="quantum"), now)
    choose_company_topics(SYSTEM, edition.id, "lake-ltd", [code], [], now)

    reset_topic(SYSTEM, edition.id, code, now)
    reset_topic(SYSTEM, edition.id, "quantum", now)

    assert list_topics(edition.id) == bundled_topics()
    assert list_company_topics([1]) == {}
    with pytest.raises(Missing):
        reset_topic(SYSTEM, edition.id, code, now)


def test_topic_when_its_place_or_name_is_wrong_then_refused(app: Flask, edition: EditionFacts, now: datetime) -> None:
    for request, code in (
        (TopicRequest("nowhere", {"en": "X"}), "topic_parent_invalid"),
        (TopicRequest("object-storage", {"en": "X"}), "topic_parent_invalid"),
        (TopicRequest("cloud", {"en": "X"}, code="storage"), "topic_parent_invalid"),
        (TopicRequest("cloud", {"en": "X"}, code="cloud"), "topic_parent_invalid"),
        (TopicRequest("ai", {"en": " "}), "name_empty"),
        (TopicRequest("ai", {"en": "x" * 81}), "text_too_long"),
        (TopicRequest("ai", {"en": "x"}, code="a b"), "slug_invalid"),
    ):
        with pytest.raises(Invalid) as refused:
            save_topic(SYSTEM, edition.id, request, now)
        assert refused.value.code == code
    with pytest.raises(PermissionMissing):
        save_topic(ANONYMOUS, edition.id, TopicRequest("ai", {"en": "X"}), now)
    assert list_topics(edition.id) == bundled_topics()


def test_topics_when_imported_then_by_code_and_all_or_none(app: Flask, edition: EditionFacts, now: datetime) -> None:
    good = (
        "code,parent,name_en,name_zh,keywords,hidden\n,storage,Tape robots,磁带库,LTO; tape,\nquantum,ai,Quanta,,,yes\n"
    )
    bad = "code,parent,name_en\n,ai,Fine\n,ai,\n"

    assert import_topics(SYSTEM, edition.id, good.encode(), now) == 2
    topics = list_topics(edition.id)
    assert topics.by_code["tape-robots"].keywords == ("lto", "tape")
    assert topics.by_code["quantum"].is_hidden
    with pytest.raises(Conflict) as refused:
        import_topics(SYSTEM, edition.id, bad.encode(), now)
    assert refused.value.code == "rows_refused"
    assert list_topics(edition.id) == topics


def test_company_topics_when_chosen_by_the_team_then_stored_and_by_others_refused(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    company = make_company(edition, now, "Lake Ltd")
    editor, seller, stranger = (make_attendee(edition, now) for _ in range(3))
    join_company(company, editor, now, MemberRole.EDITOR)
    join_company(company, seller, now, MemberRole.REPRESENTATIVE)

    choose_company_topics(own_actor(editor), edition.id, "lake-ltd", ["storage", "cloud"], ["consulting"], now)
    assert list_company_topics([company]) == {company: CompanyTopics(("cloud", "storage"), ("consulting",))}
    choose_company_topics(own_actor(editor), edition.id, "lake-ltd", ["storage"], [], now)

    with pytest.raises(ExhibitorMissing):
        choose_company_topics(own_actor(stranger), edition.id, "lake-ltd", [], [], now)
    with pytest.raises(PermissionMissing):
        choose_company_topics(own_actor(seller), edition.id, "lake-ltd", [], [], now)
    with pytest.raises(Invalid):
        choose_company_topics(own_actor(editor), edition.id, "lake-ltd", ["nonsense"], [], now)
    assert list_company_topics([company]) == {company: CompanyTopics(("storage",))}
