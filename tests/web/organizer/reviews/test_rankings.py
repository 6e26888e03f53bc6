"""The ranking: pages and everything that matches decided at once, and files that are blind where the round is."""

import re
from io import BytesIO
from zipfile import ZipFile

import pytest
from flask.testing import FlaskClient

from expo.accounts.rules import SYSTEM, Role
from expo.editions.queries import EditionFacts
from expo.infra.clock import utcnow
from expo.proposals.queries import ProposalFilter, list_all_proposals
from expo.proposals.rules import Criterion, ProfileRequest, RoundRequest
from expo.proposals.services import create_round, save_profile
from tests.domains.proposals.makers import make_call, make_proposal, make_speaker
from tests.web.organizer.conftest import SignIn
from tests.web.query_counts import count_queries

COUNT = 53


def _make_round(edition: EditionFacts, *, is_blind: bool = True) -> str:
    request = RoundRequest({"en": "Round"}, criteria=(Criterion("c1", {"en": "Content"}),), is_blind=is_blind)
    slug = create_round(SYSTEM, edition.id, "talks", request, utcnow())
    return f"/organizer/reviews/rounds/{slug}/ranking"


@pytest.fixture
def many(edition: EditionFacts) -> None:
    """Make more proposals than a page holds; the last two are in Chinese."""
    call, author = make_call(edition, utcnow()), make_speaker(utcnow(), "ada@example.org", "Ada Secret")
    for number in range(COUNT):
        language = "zh" if number >= COUNT - 2 else "en"
        make_proposal(edition, call, author, utcnow(), title={"en": f"Talk {number}"}, language=language)


@pytest.mark.usefixtures("many")
def test_ranking_when_a_page_is_selected_then_only_its_boxes_are_checked(
    edition: EditionFacts, organizer: FlaskClient
) -> None:
    path = _make_round(edition)

    plain, selected, last = (
        organizer.get(f"{path}{query}").text for query in ("", "?select=page", "?page=2&select=page")
    )

    assert [page.count(" checked") for page in (plain, selected, last)] == [0, 50, 3]
    assert ("Select all on this page" in plain, "Select none" in selected) == (True, True)
    assert "All 53 matching proposals" in plain


@pytest.mark.usefixtures("many")
def test_ranking_when_all_that_match_are_decided_then_those_of_the_filter_and_after_a_question(
    edition: EditionFacts, organizer: FlaskClient
) -> None:
    path = _make_round(edition)
    form = {"matching": "1", "language": "zh", "decision": "rejected"}

    preview = organizer.post(f"{path}/decide", data=form).text
    codes = [each.code for each in list_all_proposals(edition.id, ProposalFilter(language="zh"))]
    before = list_all_proposals(edition.id, ProposalFilter(state="rejected"))
    organizer.post(f"{path}/decide", data={"codes": codes, "decision": "rejected", "note": "", "action": "decide"})

    assert ("2 proposals" in preview, before) == (True, [])
    assert all(f'name="codes" value="{code}"' in preview for code in codes)
    everything = organizer.post(f"{path}/decide", data={"matching": "1", "decision": "accepted"}).text
    assert everything.count('name="codes"') == COUNT
    assert {each.code for each in list_all_proposals(edition.id, ProposalFilter(state="rejected"))} == set(codes)


@pytest.mark.usefixtures("many")
def test_decision_when_there_are_more_proposals_then_no_more_queries(
    edition: EditionFacts, organizer: FlaskClient
) -> None:
    path = f"{_make_round(edition)}/decide"
    codes = [each.code for each in list_all_proposals(edition.id, ProposalFilter())]
    organizer.post(path, data={"codes": codes, "decision": "accepted"})

    few, many = (count_queries(organizer, path, {"codes": codes[:n], "decision": "accepted"}) for n in (5, 50))

    assert few == many
    assert organizer.post(path, data={"codes": [*codes, "NOTHERE"], "decision": "accepted"}).status_code == 404


@pytest.mark.parametrize("is_blind", [True, False])
def test_ranking_when_exported_then_names_only_where_the_round_is_not_blind(
    edition: EditionFacts, organizer: FlaskClient, *, is_blind: bool
) -> None:
    call, author = make_call(edition, utcnow()), make_speaker(utcnow(), "ada@example.org", "Ada Secret")
    profile = ProfileRequest(name="Ada Secret", company="Secret Ltd", country="AQ")
    save_profile(author, profile, "Asia/Shanghai", utcnow())
    make_proposal(edition, call, author, utcnow(), title={"en": "=1+1"}, language="en")
    make_proposal(edition, call, author, utcnow(), title={"en": "Trees"}, language="zh")
    path = _make_round(edition, is_blind=is_blind)

    csv = organizer.get(f"{path}/export.csv").data.decode("utf-8-sig")
    filtered = organizer.get(f"{path}/export.csv?language=zh").data.decode("utf-8-sig")
    with ZipFile(BytesIO(organizer.get(f"{path}/export.xlsx").data)) as parts:
        cells = " ".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())

    assert csv.splitlines()[0].startswith("rank,code,title_en,title_zh,state,type,track,language,score,spread,reviews")
    assert ("'=1+1" in csv, "Trees" in csv, "=1+1" in filtered) == (True, True, False)
    for text in (csv, cells):
        # Whole words, because a random code may contain the country's.
        told = [re.search(rf"\b{secret}\b", text) is not None for secret in ("Ada Secret", "AQ", "first_time")]
        assert told == [not is_blind] * 3
        assert "Secret Ltd" not in text


def test_ranking_when_a_reviewer_wants_the_file_then_refused(edition: EditionFacts, sign_in: SignIn) -> None:
    make_call(edition, utcnow())
    path = _make_round(edition)

    assert [sign_in(Role.REVIEWER).get(f"{path}/export.{kind}").status_code for kind in ("csv", "xlsx")] == [403, 403]
