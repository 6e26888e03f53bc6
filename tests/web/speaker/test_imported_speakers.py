"""Speakers who were imported with an address: they are invited, sign in with it, and have pages like all others."""

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from expo.accounts.queries import find_person_by_email
from expo.accounts.rules import SYSTEM, Role
from expo.accounts.services import ensure_person, grant_role
from expo.editions.models import Edition
from expo.editions.queries import EditionFacts
from expo.infra.db import atomic, db
from expo.mail.models import Email
from expo.mail.queries import get_email
from expo.program.models import Session, SessionSpeaker, Speaker
from expo.proposals.queries import find_profile
from tests.sessions import browser_of

BO = "bo@example.org"


@pytest.fixture
def imported(edition: EditionFacts) -> int:
    """A speaker with an address and a public session, and another one with another address."""
    with atomic():
        for slug, email in (("bo", BO), ("cy", "cy@example.org")):
            speaker = Speaker(
                edition_id=edition.id, slug=slug, name={"en": slug.title()}, email=email, biography={"en": "Builds."}
            )
            session = Session(edition_id=edition.id, slug=f"talk-{slug}", title={"en": f"Talk of {slug.title()}"})
            db.session.add_all([speaker, session])
            db.session.flush()
            db.session.add(SessionSpeaker(session_id=session.id, speaker_id=speaker.id))
        draft = Session(edition_id=edition.id, slug="draft", title={"en": "Not announced"}, state="draft")
        hidden = Speaker(edition_id=edition.id, slug="ed", name={"en": "Ed"}, email="ed@example.org", is_public=False)
        db.session.add_all([draft, hidden])
        db.session.flush()
        for speaker_id in db.session.scalars(select(Speaker.id).where(Speaker.slug.in_(("bo", "ed")))).all():
            db.session.add(SessionSpeaker(session_id=draft.id, speaker_id=speaker_id))
        return db.session.scalars(select(Speaker.id).where(Speaker.slug == "bo")).one()


def emails(message: str) -> list[Email]:
    return list(db.session.scalars(select(Email).where(Email.message == message).order_by(Email.id)))


@pytest.mark.usefixtures("imported")
def test_link_when_a_speaker_has_no_account_then_is_sent_and_to_nobody_else(client: FlaskClient) -> None:
    for address in ("Bo@Example.org", "stranger@example.org"):
        assert client.post("/sign-in", data={"email": address}).status_code == 302

    assert [each.to_email for each in emails("accounts/sign_in")] == [BO]
    assert find_person_by_email("stranger@example.org") is None


def test_speaker_when_signed_in_then_takes_over_their_entry_and_writes_to_the_organizers(
    app: Flask, edition: EditionFacts, imported: int, now: datetime
) -> None:
    with atomic():
        db.session.get_one(Edition, edition.id).contact_email = "hello@example.org"
    person_id = ensure_person(BO, "", "en", now)
    browser, stranger = browser_of(app, person_id), browser_of(app, ensure_person("di@example.org", "", "en", now))
    before = browser.get("/speaker").text
    refused = stranger.post("/speaker/message", data={"text": "Let me in"})

    browser.post("/speaker/entries")
    stranger.post("/speaker/entries")

    assert "Yes, that is me" in before
    assert "Talk of Bo" in before
    assert "Talk of Cy" not in before
    assert "Not announced" not in before
    assert "Yes, that is me" not in stranger.get("/speaker").text
    assert refused.status_code == 404
    page = browser.get("/speaker").text
    assert "Yes, that is me" not in page
    assert page.count("/speaker/sessions/talk-bo/files") == 2
    assert ("Upload your slides" in page, "Upload a photo" in page) == (True, True)
    assert db.session.scalars(select(Speaker.person_id).order_by(Speaker.id)).all() == [person_id, None, None]
    profile = find_profile(person_id)
    assert profile is not None
    assert (profile.values.name, profile.values.biography) == ("Bo", {"en": "Builds."})
    browser.post("/speaker/profile", data={"name": "Bo", "biography-en": "Builds bridges."})
    entry = db.session.get_one(Speaker, imported, populate_existing=True)
    assert entry.biography == {"en": "Builds bridges."}
    form = {"text": "May I bring a robot?", "key": "k1"}
    for fields in (form, form):  # in Chinese, but organizers read English
        browser.post("/zh/speaker/message", data=fields)
    refused = browser.post("/speaker/message", data={"text": "R" * 4001})
    assert (refused.status_code, f">{'R' * 4001}</textarea>" in refused.text.replace("\r\n", "")) == (422, True)
    ensure_person("hello@example.org", "", "zh", now)
    browser.post("/speaker/message", data=form | {"text": "Or two?"})
    sent = [(each.to_email, each.details["titles"], each.details["text"]) for each in emails("program/speaker_message")]
    titles = [{"en": "Talk of Bo"}, {"en": "Not announced"}]
    assert sent == [("hello@example.org", titles, text) for text in ("May I bring a robot?", "Or two?")]
    assert [each.language for each in emails("program/speaker_message")] == ["en", "zh"]
    letter = get_email(edition.id, emails("program/speaker_message")[0].id)
    assert "May I bring a robot?" in letter.text
    assert "* Talk of Bo\n" in letter.text


@pytest.mark.usefixtures("imported")
def test_speakers_when_invited_then_each_once_after_a_preview(app: Flask, edition: EditionFacts, now: datetime) -> None:
    person_id = ensure_person("organizer@example.org", "", "en", now)
    grant_role(SYSTEM, edition.id, person_id, Role.ORGANIZER, now)
    organizer = browser_of(app, person_id)
    ensure_person("cy@example.org", "", "zh", now)
    page = "/organizer/program/speaker-invitations"

    preview = organizer.get(page).text
    for _again in range(2):
        organizer.post(page)
    organizer.post(page, data={"speaker": "bo", "language": "zh"})
    with atomic():
        db.session.execute(update(Session).where(Session.slug == "talk-bo").values(language="Chinese (Mandarin)"))
    organizer.post(page, data={"speaker": "bo", "language": "en"})

    assert "2 e-mails" in preview
    assert "Talk of Bo" in preview
    assert "Not announced" not in preview
    assert "Language for speakers whose language is not known" in preview
    sent = [(each.to_email, each.language) for each in emails("program/speaker_invitation")]
    assert sent == [(BO, "en"), ("cy@example.org", "zh"), (BO, "zh"), (BO, "zh")]
    assert "There is nobody left to invite" in organizer.get(page).text
