"""Reviews on the organizer's pages: rounds, the queue, the ranking with bulk decisions, and blind mode."""

from datetime import datetime

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select

from expo.accounts.queries import find_person_by_email
from expo.accounts.rules import SYSTEM, Role
from expo.editions.queries import EditionFacts
from expo.infra.clock import utcnow
from expo.infra.db import db
from expo.mail.models import Email
from expo.proposals.queries import CallRow, ProposalRow, get_proposal, get_round, list_progress, list_reviews
from expo.proposals.rules import Criterion, ProfileRequest, ProposalState, ReviewRequest, RoundRequest
from expo.proposals.services import (
    add_speaker,
    assign_proposals,
    close_round,
    create_round,
    save_profile,
    set_reviewers,
)
from expo.questions.rules import Field, FieldKind
from expo.questions.services import add_field
from tests.domains.proposals.makers import make_call, make_proposal, make_speaker
from tests.web.organizer.conftest import SignIn

BASE = "/organizer/reviews"
CRITERIA = (Criterion("c1", {"en": "Content"}, {"en": "Is it new?"}, 3), Criterion("c2", {"en": "Clarity"}))
SCORES = {"c1": "5", "c2": "1", "comment": "Very relevant"}
# Everything that says who wrote the proposal.
LEAKS = ("Ada Secret", "author@example.org", "Secret Ltd", "Zoe Hidden", "zoe@example.org", "Hidden Inc")


@pytest.fixture
def call(edition: EditionFacts, now: datetime) -> CallRow:
    made = make_call(edition, utcnow())
    asked = Field("employer", FieldKind.TEXT, {"en": "Employer?"}, is_identifying=True)
    add_field(SYSTEM, edition.id, made.form_id, asked, now)
    add_field(SYSTEM, edition.id, made.form_id, Field("demo", FieldKind.TEXT, {"en": "Demo?"}), now)
    return made


@pytest.fixture
def proposal(edition: EditionFacts, call: CallRow, now: datetime) -> ProposalRow:
    """A proposal whose author and co-speaker can be recognized by many values."""
    author, co_speaker = make_speaker(now, "author@example.org", "Ada Secret"), make_speaker(now, "zoe@example.org")
    save_profile(author, ProfileRequest(name="Ada Secret", company="Secret Ltd", country="CN"), "Asia/Shanghai", now)
    save_profile(co_speaker, ProfileRequest(name="Zoe Hidden", company="Hidden Inc"), "Asia/Shanghai", now)
    given = {"employer": "Secret Ltd", "demo": "A robot"}
    made = make_proposal(edition, call, author, utcnow(), given=given, message="Greetings from Ada Secret")
    add_speaker(author, edition.id, made.code, "zoe@example.org", "Zoe Hidden", utcnow())
    return made


def _make_round(edition: EditionFacts, call: CallRow, emails: list[str], *, is_blind: bool = True) -> str:
    request = RoundRequest({"en": "First round"}, criteria=CRITERIA, min_reviews=2, is_blind=is_blind)
    slug = create_round(SYSTEM, edition.id, call.slug, request, utcnow())
    people = [find_person_by_email(each) for each in emails]
    set_reviewers(SYSTEM, edition.id, slug, {each.id: () for each in people if each}, utcnow())
    assign_proposals(SYSTEM, edition.id, slug, utcnow())
    return slug


def test_round_when_created_with_reviewers_then_proposals_are_assigned_and_progress_is_shown(
    edition: EditionFacts, call: CallRow, proposal: ProposalRow, organizer: FlaskClient, sign_in: SignIn
) -> None:
    sign_in(Role.REVIEWER)
    reviewer = find_person_by_email("reviewer@example.org")
    assert reviewer is not None
    values = {
        "call": call.slug,
        "name-en": "First round",
        "min_reviews": "1",
        "is_blind": "y",
        "criterion_1-label_en": "Content",
        "criterion_1-help_en": "Is it new?",
        "criterion_1-weight": "3",
    }

    made = organizer.post(f"{BASE}/rounds/new", data=values)
    page = made.headers["Location"]
    organizer.post(f"{page}/reviewers", data={"reviewers": [str(reviewer.id), "999"]})
    organizer.post(f"{page}/assign")

    row = get_round(edition.id, "first-round")
    assert row.criteria == (Criterion("c1", {"en": "Content"}, {"en": "Is it new?"}, 3),)
    assert [(each.person_id, each.assigned) for each in list_progress(row.id)] == [(reviewer.id, 1)]
    assert "0 of 1" in organizer.get(page).text
    assert "First round" in organizer.get(BASE).text


def test_proposal_when_reviewed_then_organizers_read_it_unless_it_is_their_own_or_they_have_yet_to_review_it(
    edition: EditionFacts, call: CallRow, proposal: ProposalRow, organizer: FlaskClient, sign_in: SignIn
) -> None:
    reviewer, manager = sign_in(Role.REVIEWER), sign_in(Role.PROGRAM_MANAGER)
    slug = _make_round(edition, call, ["reviewer@example.org", "program_manager@example.org"])
    page, review = f"/organizer/proposals/{proposal.code}", f"{BASE}/{slug}/proposals/{proposal.code}"
    reviewer.post(review, data={**SCORES, "action": "save"})
    reviewer.post(f"{review}/discussion", data={"text": "Shall we?"})

    shown, pending, blind = (each.get(page).text for each in (organizer, manager, reviewer))
    manager.post(review, data={**SCORES, "comment": "", "action": "save"})
    author = make_speaker(utcnow(), "author@example.org")
    add_speaker(author, edition.id, proposal.code, "organizer@example.org", "Organizer", utcnow())

    assert all(each in shown for each in ("Very relevant", "5 of 5", "Score 75 of 100, spread 0", "Shall we?"))
    assert [("Very relevant" in each, "Shall we?" in each) for each in (pending, blind)] == [(False, False)] * 2
    assert ("Very relevant" in manager.get(page).text, "Very relevant" in organizer.get(page).text) == (True, False)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"name-en": "", "criterion_1-label_en": "Content"}, "Enter a name for the round."),
        ({"name-en": "Round"}, "Add from 1 to 5 criteria."),
        (
            {
                "name-en": "R",
                "criterion_1-label_en": "C",
                "opens_at": "2027-02-01T00:00",
                "closes_at": "2027-01-01T00:00",
            },
            "The round closes before it opens.",
        ),
    ],
)
def test_round_when_something_is_missing_then_says_so(
    call: CallRow, organizer: FlaskClient, values: dict[str, str], sentence: str
) -> None:
    page = organizer.post(f"{BASE}/rounds/new", data={"call": call.slug, "min_reviews": "1", **values})

    assert page.status_code == 422
    assert sentence in page.text


def test_review_when_saved_then_leads_to_the_next_proposal_and_can_be_changed(
    edition: EditionFacts, call: CallRow, proposal: ProposalRow, sign_in: SignIn, now: datetime
) -> None:
    reviewer = sign_in(Role.REVIEWER)
    other = make_proposal(edition, call, make_speaker(now), utcnow(), title={"en": "Trees"})
    slug = _make_round(edition, call, ["reviewer@example.org"])
    path = f"{BASE}/{slug}/proposals/{proposal.code}"

    incomplete = reviewer.post(path, data={"c1": "5", "action": "next"})
    saved = reviewer.post(path, data={**SCORES, "action": "next"})
    changed = reviewer.post(path, data={**SCORES, "c2": "4", "action": "save"})

    assert (incomplete.status_code, "Choose a score." in incomplete.text) == (422, True)
    assert saved.headers["Location"].endswith(other.code)
    assert changed.headers["Location"].endswith(BASE)
    (review,) = list_reviews(get_round(edition.id, slug).id, proposal.id)
    assert review.values == ReviewRequest({"c1": 5, "c2": 4}, "Very relevant")
    assert "1 of 2 reviewed" in reviewer.get(BASE).text
    assert "Is it new?" in reviewer.get(path).text


def test_comments_when_the_own_review_is_missing_then_are_hidden(
    edition: EditionFacts, call: CallRow, proposal: ProposalRow, sign_in: SignIn, organizer: FlaskClient
) -> None:
    reviewer = sign_in(Role.REVIEWER)
    slug = _make_round(edition, call, ["reviewer@example.org", "organizer@example.org"])
    path = f"{BASE}/{slug}/proposals/{proposal.code}"
    organizer.post(path, data={**SCORES, "action": "save"})

    before = reviewer.get(path).text
    reviewer.post(path, data={"is_abstention": "y", "action": "save"})
    after = reviewer.get(path).text

    assert ("Very relevant" in before, "Very relevant" in after) == (False, True)


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.ORGANIZER])
def test_blind_round_when_anybody_reviews_then_no_name_is_on_any_page(
    edition: EditionFacts, call: CallRow, proposal: ProposalRow, sign_in: SignIn, role: Role
) -> None:
    reviewer = sign_in(role)
    slug = _make_round(edition, call, [f"{role.value}@example.org"])
    path = f"{BASE}/{slug}/proposals/{proposal.code}"

    pages = [reviewer.get(BASE), reviewer.get(path), reviewer.post(path, data={"c1": "5", "action": "next"})]
    reviewer.post(path, data={**SCORES, "action": "save"})
    pages.append(reviewer.get(path))

    assert [page.status_code for page in pages] == [200, 200, 422, 200]
    assert all("Data for everyone" in page.text for page in pages)
    assert "A robot" in pages[1].text
    assert [leak for page in pages for leak in LEAKS if leak in page.text] == []


def test_proposals_when_a_reviewer_looks_then_no_name_is_on_any_page_or_in_any_file(
    edition: EditionFacts, call: CallRow, proposal: ProposalRow, sign_in: SignIn
) -> None:
    reviewer = sign_in(Role.REVIEWER)
    slug = _make_round(edition, call, ["reviewer@example.org"])
    paths = ["", f"/{proposal.code}", "?q=secret", "?q=zoe", "/export.csv", "/export.xlsx"]

    pages = [reviewer.get(f"/organizer/proposals{path}") for path in paths]
    refused = [reviewer.get(f"{BASE}/rounds/{slug}{path}").status_code for path in ("", "/edit", "/ranking", "/close")]

    assert [page.status_code for page in pages] == [200, 200, 200, 200, 403, 403]
    assert [leak for page in pages for leak in LEAKS if leak in page.text] == []
    assert proposal.code not in pages[2].text + pages[3].text
    assert refused == [403, 403, 403, 403]


def test_round_when_it_is_not_blind_then_the_review_page_names_the_speakers(
    edition: EditionFacts, call: CallRow, proposal: ProposalRow, sign_in: SignIn
) -> None:
    reviewer = sign_in(Role.REVIEWER)
    slug = _make_round(edition, call, ["reviewer@example.org"], is_blind=False)

    page = reviewer.get(f"{BASE}/{slug}/proposals/{proposal.code}").text

    assert ("Ada Secret" in page, "Zoe Hidden" in page) == (True, True)


@pytest.mark.parametrize("role", [Role.DESK, Role.SPEAKER, Role.STEWARD])
def test_reviews_when_somebody_else_asks_then_are_refused(edition: EditionFacts, sign_in: SignIn, role: Role) -> None:
    browser = sign_in(role)

    assert [browser.get(f"{BASE}{path}").status_code for path in ("", "/rounds/new")] == [403, 403]


def test_review_when_not_assigned_or_round_closed_then_is_refused(
    edition: EditionFacts, call: CallRow, proposal: ProposalRow, sign_in: SignIn, organizer: FlaskClient
) -> None:
    reviewer = sign_in(Role.REVIEWER)
    slug = _make_round(edition, call, ["reviewer@example.org"])
    path = f"{BASE}/{slug}/proposals/{proposal.code}"

    assert organizer.get(path).status_code == 404
    close_round(SYSTEM, edition.id, slug, utcnow())
    closed = reviewer.post(path, data={**SCORES, "action": "save"})

    assert "This review round is not open at the moment." in closed.text
    assert list_reviews(get_round(edition.id, slug).id, proposal.id) == []


def test_ranking_when_proposals_are_accepted_in_bulk_then_previews_first_and_writes_to_each(
    edition: EditionFacts, call: CallRow, proposal: ProposalRow, organizer: FlaskClient, now: datetime
) -> None:
    other = make_proposal(edition, call, make_speaker(now, "other@example.org"), utcnow(), title={"en": "Trees"})
    slug = _make_round(edition, call, ["organizer@example.org"])
    path = f"{BASE}/{slug}/proposals/{other.code}"
    organizer.post(path, data={**SCORES, "c2": "5", "action": "save"})
    page = f"{BASE}/rounds/{slug}/ranking"
    chosen = {"codes": [proposal.code, other.code], "decision": "accepted"}

    ranking = organizer.get(page).text
    preview = organizer.post(f"{page}/decide", data=chosen)
    states = [get_proposal(edition.id, each.code).state for each in (proposal, other)]
    organizer.post(f"{page}/decide", data={**chosen, "note": "Welcome!", "is_notified": "y", "action": "decide"})

    assert ranking.index("Trees") < ranking.index("Data for everyone")
    assert all(text in ranking for text in ("First-time speakers", "China", "English", "Without a track"))
    assert all(text in preview.text for text in ("2 proposals", "2 e-mails", "Data for everyone"))
    assert html.fromstring(preview.text).xpath("//input[@name='is_notified']/@checked") == ["checked"]
    assert states == [ProposalState.SUBMITTED, ProposalState.SUBMITTED]
    emails = db.session.scalars(select(Email).where(Email.message == "proposals/accepted")).all()
    assert {each.to_email for each in emails} == {"author@example.org", "other@example.org"}
    assert {each.details["note"] for each in emails} == {"Welcome!"}
    assert get_proposal(edition.id, other.code).state is ProposalState.ACCEPTED
    again = organizer.post(f"{page}/decide", data=chosen)
    assert "Left out" in again.text


def test_ranking_when_filtered_or_nothing_is_selected_then_follows(
    edition: EditionFacts, call: CallRow, proposal: ProposalRow, organizer: FlaskClient, now: datetime
) -> None:
    make_proposal(edition, call, make_speaker(now), utcnow(), title={"en": "Trees"}, language="zh")
    slug = create_round(SYSTEM, edition.id, call.slug, RoundRequest({"en": "Round"}, criteria=CRITERIA), utcnow())
    page = f"{BASE}/rounds/{slug}/ranking"

    chinese = organizer.get(f"{page}?language=zh").text
    nothing = organizer.post(f"{page}/decide", data={"decision": "accepted"}, follow_redirects=True).text

    assert ("Trees" in chinese, "Data for everyone" in chinese) == (True, False)
    assert "Select at least one proposal." in nothing
    assert "No proposals found" in organizer.get(f"{page}?state=rejected").text
    assert organizer.post(f"{page}/decide", data={"decision": "withdrawn"}).status_code == 400


def test_reviews_when_there_are_none_then_the_page_says_what_to_do(
    edition: EditionFacts, sign_in: SignIn, organizer: FlaskClient
) -> None:
    assert "Create the first round" in organizer.get(BASE).text
    assert "once an organizer assigns them" in sign_in(Role.REVIEWER).get(BASE).text


def test_rounds_when_they_are_of_another_expo_then_are_not_there(
    edition: EditionFacts, call: CallRow, organizer: FlaskClient, other_edition: EditionFacts
) -> None:
    foreign = make_call(other_edition, utcnow())
    slug = create_round(
        SYSTEM, other_edition.id, foreign.slug, RoundRequest({"en": "Elsewhere"}, criteria=CRITERIA), utcnow()
    )

    assert "Elsewhere" not in organizer.get(BASE).text
    assert organizer.get(f"{BASE}/rounds/{slug}").status_code == 404
    assert organizer.get(f"{BASE}/rounds/{slug}/ranking").status_code == 404
