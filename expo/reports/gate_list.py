"""Who may enter at a gate, as a list to print."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, BinaryIO

from babel.dates import format_datetime
from sqlalchemy import ColumnElement, func, select

from expo.accounts.rules import Actor, Permission, require
from expo.checkin.queries.checkpoints import CheckpointRow, get_checkpoint
from expo.documents.gate_list import GateEntry, GateListLabels, render_gate_list
from expo.editions.queries import EditionFacts
from expo.exports.services import Progress, start_export
from expo.infra.db import db
from expo.pure.codes import show_code
from expo.pure.languages import locale_of, localized
from expo.pure.readings import reading_key
from expo.registration.models import Attendee
from expo.registration.rules import AttendeeState
from expo.tickets.models import TicketType

KIND = "gate_list"
# Names that begin with anything but a letter from A to Z come last.
OTHER = "#"


def count_gate_entries(edition_id: int, checkpoint: CheckpointRow) -> int:
    """Return how many people a gate's list has."""
    query = select(func.count()).select_from(Attendee).where(*_conditions(edition_id, checkpoint))
    return db.session.scalar(query) or 0


def start_gate_list(
    actor: Actor, edition: EditionFacts, checkpoint_code: str, labels: Mapping[str, str], language: str, now: datetime
) -> int:
    """Queue a gate's list for the worker and return the id of the export. Raises CheckpointMissing."""
    require(actor, Permission.ATTENDEES_READ, edition.id)
    checkpoint = get_checkpoint(edition.id, checkpoint_code)
    return start_export(
        actor,
        edition.id,
        kind=KIND,
        format_="pdf",
        file_name=f"list-{checkpoint.code}.pdf",
        wanted={"checkpoint": checkpoint.code, "labels": dict(labels), "language": language},
        shown={"checkpoint": checkpoint.code},
        total_rows=count_gate_entries(edition.id, checkpoint),
        now=now,
    )


def write_gate_list(
    edition: EditionFacts, wanted: Mapping[str, Any], out: BinaryIO, progress: Progress, now: datetime
) -> int:
    """Write a gate's list as a PDF and return the number of pages."""
    language = wanted["language"]
    moment = format_datetime(now.astimezone(edition.zone), "medium", locale=locale_of(language))
    texts = wanted["labels"]
    labels = GateListLabels(texts["title"], texts["as_of"].format(moment=moment), texts["page"], texts["nobody"])
    checkpoint = get_checkpoint(edition.id, wanted["checkpoint"])
    return render_gate_list(_entries(edition.id, checkpoint, language), labels, language, out, progress)


def _entries(edition_id: int, checkpoint: CheckpointRow, language: str) -> Iterator[GateEntry]:
    """Yield the people of the list: by ticket, then by the reading of their names in Latin letters."""
    rows = db.session.execute(
        select(
            Attendee.code,
            Attendee.name,
            Attendee.latin_name,
            Attendee.company,
            Attendee.language,
            TicketType.name.label("ticket_name"),
            TicketType.number,
        )
        .join(TicketType, TicketType.id == Attendee.ticket_type_id)
        .where(*_conditions(edition_id, checkpoint))
    ).all()
    for row in sorted(rows, key=lambda each: (each.number, _sort_key(each.name, each.latin_name), each.code)):
        yield GateEntry(
            name=row.name,
            latin_name=row.latin_name,
            company=row.company,
            ticket=localized(row.ticket_name, language),
            code=show_code(row.code),
            letter=letter_of(row.name, row.latin_name),
            language=row.language,
        )


def letter_of(name: str, latin_name: str = "") -> str:
    """Return the letter under which a name is looked for: 张伟 under Z, Ångström under A."""
    first = _sort_key(name, latin_name)[1][:1].upper()
    return first if "A" <= first <= "Z" else OTHER


def _sort_key(name: str, latin_name: str) -> tuple[bool, str]:
    key = reading_key(latin_name or name).strip()
    return not "a" <= key[:1].lower() <= "z", key.casefold()


def _conditions(edition_id: int, checkpoint: CheckpointRow) -> list[ColumnElement[bool]]:
    conditions = [Attendee.edition_id == edition_id, Attendee.state == AttendeeState.CONFIRMED.value]
    if checkpoint.ticket_type_ids is not None:
        conditions.append(Attendee.ticket_type_id.in_(checkpoint.ticket_type_ids))
    return conditions
