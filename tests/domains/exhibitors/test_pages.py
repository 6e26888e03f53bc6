"""A company's page: what is saved, what is refused, and how complete it is."""

import io
import json
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from expo.accounts.errors import PermissionMissing
from expo.accounts.rules import ANONYMOUS, SYSTEM
from expo.editions.queries import EditionFacts
from expo.errors import Invalid
from expo.exhibitors.errors import ExhibitorMissing
from expo.exhibitors.queries import get_page, get_public_page, list_categories, list_exhibitors, list_topics, rate_pages
from expo.exhibitors.queries.companies import ExhibitorFilter
from expo.exhibitors.rules import (
    WEIGHTS,
    ExhibitorState,
    MemberRole,
    PageFacts,
    PagePart,
    PageRequest,
    PictureKind,
    check_page,
    rate_page,
)
from expo.exhibitors.services import remove_picture, save_page, set_picture
from expo.infra.db import db
from expo.infra.files import StoredFile
from tests.conftest import SHARED_DATA
from tests.domains.exhibitors.page_makers import make_company, make_member, set_company

PAGE = PageRequest(
    tagline={"en": "Data for everyone", "zh": "数据服务大众"},
    description={"en": "**We** sell data.", "zh": "我们提供数据。"},
    website="example.cn",
    links=("https://www.linkedin.com/company/x", "weibo.com/x"),
    videos=("https://www.bilibili.com/video/BV1", "https://youtu.be/abc"),
    categories=("cloud",),
    offers=("data-governance",),
    seeks=("machine-learning",),
)


def test_page_when_saved_by_the_team_then_is_shown_with_full_addresses(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    slug = make_company(edition, now)
    member = make_member(edition, slug, now, MemberRole.EDITOR)

    save_page(member, edition.id, slug, PAGE, now)
    page = get_public_page(edition.id, slug)

    assert (page.tagline, page.company.description) == (PAGE.tagline, PAGE.description)
    assert page.company.website == "https://example.cn"
    assert page.links == ("https://www.linkedin.com/company/x", "https://weibo.com/x")
    assert (page.videos, page.offers, page.seeks) == (PAGE.videos, ("data-governance",), ("machine-learning",))
    assert [each.slug for each in page.company.categories] == ["cloud"]
    # The booth is still found after the search text was written again.
    [found] = list_exhibitors(edition.id, ExhibitorFilter(q=page.company.booths[0].code))
    assert found.slug == slug


def test_page_when_saved_by_others_then_refused(app: Flask, edition: EditionFacts, now: datetime) -> None:
    slug, other = make_company(edition, now), make_company(edition, now, "Other Ltd")
    representative = make_member(edition, slug, now, MemberRole.REPRESENTATIVE)
    stranger = make_member(edition, other, now)

    with pytest.raises(PermissionMissing):
        save_page(representative, edition.id, slug, PAGE, now)
    for actor in (stranger, ANONYMOUS):
        with pytest.raises(ExhibitorMissing):
            save_page(actor, edition.id, slug, PAGE, now)

    assert get_page(edition.id, slug).tagline == {}


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"tagline": {"en": "x" * 161}}, "text_too_long", "tagline"),
        ({"website": "javascript:alert(1)"}, "website_invalid", "website"),
        ({"links": ("data:text/html,x",)}, "link_invalid", "links"),
        ({"links": tuple(f"e{n}.org" for n in range(9))}, "links_too_many", "links"),
        ({"videos": ("https://evil.example/youtube.com",)}, "video_host_unknown", "videos"),
        ({"videos": ("https://notyoutube.com/x",)}, "video_host_unknown", "videos"),
    ],
)
def test_page_when_a_value_is_bad_then_refused_at_its_field(values: dict[str, object], code: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_page(PageRequest(**{"tagline": {}, "description": {}, **values}))  # type: ignore[arg-type]

    assert (refused.value.code, refused.value.params["field"]) == (code, field)


def test_page_when_topics_or_categories_are_unknown_or_too_many_then_refused(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    slug = make_company(edition, now)

    wanted = {
        "topic_unknown": PageRequest({}, {}, offers=("nothing",)),
        "topics_too_many": PageRequest({}, {}, seeks=tuple(sorted(list_topics(edition.id).choices)[:13])),
        "category_unknown": PageRequest({}, {}, categories=("x",)),
    }
    for code, request in wanted.items():
        with pytest.raises(Invalid) as refused:
            save_page(SYSTEM, edition.id, slug, request, now)
        assert refused.value.code == code


def test_page_when_texts_are_hostile_then_stored_as_text(app: Flask, edition: EditionFacts, now: datetime) -> None:
    slug = make_company(edition, now)
    path = SHARED_DATA / "bad-input" / "blns.json"
    texts = json.loads(path.read_text("utf-8")) if path.exists() else ["<script>", "\x00a\ud800", "\u202eb"]

    for text in texts:
        save_page(SYSTEM, edition.id, slug, PageRequest({"en": text[:160]}, {"zh": text}), now)
        stored = get_page(edition.id, slug)
        assert "\x00" not in "".join([*stored.tagline.values(), *stored.company.description.values()])


def test_picture_when_replaced_or_removed_then_the_former_file_is_deleted(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    slug = make_company(edition, now)
    keys = []

    for content in (b"one", b"two"):
        set_picture(SYSTEM, edition.id, slug, PictureKind.LOGO, io.BytesIO(content), "image/png", now)
        keys.append(get_page(edition.id, slug).logo_key)
    remove_picture(SYSTEM, edition.id, slug, PictureKind.LOGO, now)

    assert len(set(keys)) == 2
    assert get_page(edition.id, slug).logo_key is None
    assert db.session.scalar(select(func.count()).select_from(StoredFile)) == 0


@pytest.mark.parametrize("hidden", [True, False])
def test_public_page_when_the_company_is_not_listed_then_missing(
    app: Flask, edition: EditionFacts, now: datetime, *, hidden: bool
) -> None:
    slug = make_company(edition, now)
    set_company(slug, ExhibitorState.APPROVED if hidden else ExhibitorState.APPLIED, is_hidden=hidden)

    with pytest.raises(ExhibitorMissing):
        get_public_page(edition.id, slug)
    assert get_page(edition.id, slug).is_public is False


def test_completeness_when_everything_is_there_then_100_percent_else_names_what_is_missing() -> None:
    texts = {"en": "x", "zh": "y"}
    everything = PageFacts(texts, texts, True, True, True, 1, 1, 1, 1, 1)

    assert sum(WEIGHTS.values()) == 100
    assert (rate_page(everything).percent, rate_page(everything).missing) == (100, ())
    assert rate_page(PageFacts({}, {})).percent == 0
    assert set(rate_page(PageFacts({}, {})).missing) == set(PagePart)
    assert rate_page(PageFacts({}, {"en": "x"})).percent == WEIGHTS[PagePart.DESCRIPTION]


def test_completeness_when_rated_for_all_then_as_for_each(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    slug, other = make_company(edition, now), make_company(edition, now, "Other Ltd")
    save_page(SYSTEM, edition.id, slug, PAGE, now)
    set_picture(SYSTEM, edition.id, slug, PictureKind.BANNER, io.BytesIO(b"x"), "image/jpeg", now)
    pages = [get_page(edition.id, each) for each in (slug, other)]

    assert rate_pages(edition.id) == {page.company.id: page.completeness for page in pages}
    assert [each.slug for each in list_categories(edition.id)] == ["cloud"]
