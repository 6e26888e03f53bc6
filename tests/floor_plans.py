"""Builders of halls with a plan, and of companies with booths."""

from datetime import datetime
from typing import Any

from expo.accounts.rules import SYSTEM
from expo.editions.queries import EditionFacts
from expo.editions.rules import HallRequest
from expo.editions.services import create_hall
from expo.exhibitors.rules import CompanyImport, CompanyRequest, PlanRequest, fold_name
from expo.exhibitors.services import import_companies, save_plan
from expo.pure.slugs import make_slug


def make_hall(
    edition: EditionFacts,
    now: datetime,
    name: str = "Hall 1",
    *,
    size: tuple[float, float] = (60, 40),
    at: tuple[float, float] = (0, 0),
    structures: tuple[dict[str, Any], ...] = (),
) -> int:
    """Create a hall with a plan and return its id; its code is the name as a slug."""
    hall_id = create_hall(SYSTEM, edition.id, HallRequest({"en": name}), now)
    code = make_slug(name, set())
    save_plan(SYSTEM, edition.id, code, PlanRequest(*size, *at, structures), 0, now)
    return hall_id


def make_company(
    edition: EditionFacts, name: str, now: datetime, *, booth: str = "", hall: str = "", **values: Any
) -> str:
    """Import a company, with a booth if named, and return its slug."""
    booths = (booth,) if booth else ()
    request = CompanyRequest(name, venue=hall, booths=booths, **values)
    import_companies(SYSTEM, edition.id, CompanyImport((request,), ()), now)
    return make_slug(fold_name(name), set())
