"""Stop an import whose job failed in every attempt, and notify the person who started it."""

from datetime import datetime

from expo.accounts.queries import find_person
from expo.editions.queries import get_edition
from expo.imports.queries import RunRow, find_run
from expo.imports.rules import STOPPED_LIFETIME
from expo.imports.services import stop_run
from expo.infra.addresses import public_url
from expo.infra.db import atomic
from expo.mail.services import queue_email


def stop_import(run_id: int, now: datetime) -> None:
    """Stop a run until somebody resumes it, and queue an e-mail to the person who started it, if it was open."""
    with atomic():
        if stop_run(run_id, now):
            run = find_run(run_id)
            if run is not None:
                _notify_starter(run, now)


def _notify_starter(run: RunRow, now: datetime) -> None:
    """Queue the e-mail, in the person's language; commands have nobody to notify."""
    person = find_person(run.actor_id) if run.actor_kind == "person" and run.actor_id is not None else None
    if person is None:
        return
    edition = get_edition(run.edition_id)
    queue_email(
        "imports/stopped",
        to_email=person.email,
        language=person.language,
        now=now,
        edition_id=run.edition_id,
        person_id=person.id,
        details={
            "edition_title": edition.title,
            "contact_email": edition.contact_email,
            "kind": run.kind.value,
            "file_name": run.file_name,
            "is_started": run.started_at is not None,
            "deleted_at": (now + STOPPED_LIFETIME).isoformat(),
            "time_zone": edition.time_zone,
            "run_page": public_url(f"/organizer/imports/{run.id}", person.language),
        },
    )
