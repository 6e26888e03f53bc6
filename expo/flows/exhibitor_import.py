"""Import a list of companies, and update their topics immediately."""

from collections.abc import Mapping
from datetime import datetime

from expo.accounts.rules import Actor
from expo.exhibitors.rules import CompanyChange, CompanyImport, read_companies
from expo.exhibitors.services import import_companies
from expo.infra.confined import DEFAULT_LIMITS, run_confined
from expo.infra.db import atomic
from expo.matchmaking.services import tag_exhibitors


def read_exhibitor_file(
    data: bytes, overrides: Mapping[str, str] | None = None, encoding: str = "", sheet: str = ""
) -> CompanyImport:
    """Read a list of companies in a sandboxed process. Raises BadFile, ParsingFailed."""
    return run_confined(DEFAULT_LIMITS, read_companies, data, overrides, encoding, sheet)


def import_exhibitors(
    actor: Actor,
    edition_id: int,
    wanted: CompanyImport,
    now: datetime,
    *,
    take_good: bool = False,
    take: frozenset[str] = frozenset(),
) -> CompanyChange:
    """Add and change companies; of the fields edited here, those in `take` get the file's value.

    Raises Conflict `rows_refused` for invalid rows, unless `take_good` is set.
    """
    with atomic():
        change = import_companies(actor, edition_id, wanted, now, take_good=take_good, take=take)
        tag_exhibitors(actor, edition_id, now)
        return change
