"""Leads as files, and as the body of a webhook: only what the visitor shares at this moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from expo.accounts.rules import Actor
from expo.editions.queries import EditionFacts
from expo.exhibitors.queries import require_member
from expo.exhibitors.rules import TeamAction
from expo.formats.tables import Cell, write_csv, write_xlsx
from expo.formats.vcards import Card, write_vcards
from expo.infra.audit import record_export
from expo.leads.queries import LeadRow, list_leads, list_questions
from expo.leads.rules import FollowUp, LeadFilter, Question, WithdrawalReason, show_answer
from expo.pure.languages import locale_of, localized

Kind = Literal["csv", "xlsx", "vcf"]
COLUMNS = (
    "name",
    "latin_name",
    "company",
    "job_title",
    "country",
    "email",
    "phone",
    "status",
    "rating",
    "first_visit",
    "last_visit",
    "visits",
    "scanned_by",
    "notes",
    "no_longer_shared_since",
    "reason",
)


@dataclass(frozen=True)
class LeadExportLabels:
    """The words of a language that a file shows."""

    columns: Mapping[str, str]
    statuses: Mapping[FollowUp, str]
    reasons: Mapping[WithdrawalReason, str]
    language: str
    unnamed: str


def export_leads(
    actor: Actor,
    edition: EditionFacts,
    slug: str,
    kind: Kind,
    filters: LeadFilter,
    words: LeadExportLabels,
    now: datetime,
) -> bytes:
    """Return the leads that match a filter as a file, and record the export.

    Withdrawn leads are rows with only the time and the reason in tables, and not in a vCard file. Raises
    ExhibitorMissing, PermissionMissing.
    """
    membership = require_member(actor, edition.id, slug, TeamAction.EXPORT_LEADS)
    rows = list_leads(membership.exhibitor_id, edition.zone, filters)
    record_export(
        actor, "leads", now, edition.id,
        exhibitor=membership.exhibitor_id, format=kind, rows=len(rows),
    )  # fmt: skip
    if kind == "vcf":
        return write_vcards(_card(row, edition, words) for row in rows if row.withdrawn_at is None)
    questions = list_questions(membership.exhibitor_id, with_removed=True)
    headers = [*(words.columns[name] for name in COLUMNS), *(each.label for each in questions)]
    table = [_cells(row, questions, edition.zone, words) for row in rows]
    return write_csv(headers, table) if kind == "csv" else write_xlsx(headers, table, "leads")


def _cells(row: LeadRow, questions: Sequence[Question], zone: ZoneInfo, words: LeadExportLabels) -> list[Cell]:
    contact = row.contact
    notes = "\n\n".join(f"{each.author}, {_moment(each.written_at, zone)}: {each.text}" for each in row.notes)
    return [
        contact.name,
        contact.latin_name,
        contact.company,
        contact.job_title,
        _country(contact.country, words.language),
        contact.email,
        contact.phone,
        "" if row.withdrawn_at else words.statuses[row.status],
        row.rating,
        _moment(row.first_at, zone),
        _moment(row.last_at, zone),
        len(row.scans) or None,
        ", ".join(row.members),
        notes,
        _moment(row.withdrawn_at, zone),
        words.reasons[WithdrawalReason(row.withdrawal_reason)] if row.withdrawn_at else "",
        *(show_answer(row.answers.get(each.key)) for each in questions),
    ]


def _card(row: LeadRow, edition: EditionFacts, words: LeadExportLabels) -> Card:
    contact = row.contact
    title = localized(edition.title, words.language)
    return Card(
        uid=f"urn:expo:{edition.slug}:lead:{row.code}",
        name=contact.name or contact.company or words.unnamed,
        latin_name=contact.latin_name,
        company=contact.company,
        job_title=contact.job_title,
        country=_country(contact.country, words.language),
        email=contact.email,
        phone=contact.phone,
        note="\n\n".join(each.text for each in row.notes),
        categories=(title,) if title else (),
        changed_at=row.last_at,
    )


def describe_lead(row: LeadRow, questions: Sequence[Question]) -> dict[str, Any]:
    """Return a lead as a company's systems receive it; of a withdrawn one nothing but the withdrawal."""
    if row.withdrawn_at is not None:
        return {
            "id": row.code,
            "withdrawn_at": row.withdrawn_at.isoformat(),
            "withdrawal_reason": row.withdrawal_reason,
        }
    contact = {name: value or None for name, value in vars(row.contact).items()}
    return {
        "id": row.code,
        "contact": contact,
        "status": row.status.value,
        "rating": row.rating,
        "answers": [
            {"question": each.label, "answer": row.answers[each.key]} for each in questions if each.key in row.answers
        ],
        "notes": [
            {"author": each.author, "written_at": each.written_at.isoformat(), "text": each.text} for each in row.notes
        ],
        "visits": [{"scanned_at": each.scanned_at.isoformat(), "scanned_by": each.member} for each in row.scans],
        "withdrawn_at": None,
    }


def _moment(moment: datetime | None, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M") if moment else ""


def _country(code: str, language: str) -> str:
    return str(locale_of(language).territories.get(code, code))
