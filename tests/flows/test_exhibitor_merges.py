"""Merging companies that the same visitor knows: a withdrawal from either of them holds."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from expo.accounts.rules import SYSTEM
from expo.editions.queries import EditionFacts
from expo.flows.exhibitor_merges import merge_exhibitors
from expo.infra.db import db
from expo.leads.models import LeadNote
from expo.leads.queries import list_leads
from expo.leads.services import empty_withdrawn_leads, record_scans, stop_sharing
from tests.domains.leads.test_scans import entry
from tests.exhibitors import exhibitor_id_of, make_exhibitor, make_member
from tests.make import make_attendee


@pytest.mark.parametrize("withdrawn_from", ["leaving", "staying"])
def test_companies_when_merged_then_a_visitor_who_withdrew_from_either_stays_unknown(
    each_app: Flask,
    edition: EditionFacts,
    now: datetime,
    withdrawn_from: str,
) -> None:
    visitor, known = make_attendee(edition, now, name="Ann"), make_attendee(edition, now, name="Ben")
    for name in ("Leaving", "Staying"):
        slug = make_exhibitor(edition, name)
        member = make_member(edition, slug, now, f"Rep of {name}")
        scans = [entry(each.token, now, note=f"{each.attendee.name} at {name}") for each in (visitor, known)]
        record_scans(member, edition.id, slug, scans, now)
    stop_sharing(SYSTEM, edition.id, visitor.id, withdrawn_from, now)
    late = now + timedelta(hours=1)
    empty_withdrawn_leads(late)

    merge_exhibitors(SYSTEM, edition.id, "leaving", "staying", late)
    empty_withdrawn_leads(late)

    leads = list_leads(exhibitor_id_of(edition, "staying"), edition.zone)
    assert sorted(each.contact.name for each in leads) == ["", "Ben"]
    notes = set(db.session.scalars(select(LeadNote.text)))
    assert notes == {"Ben at Leaving", "Ben at Staying"}
