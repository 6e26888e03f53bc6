"""The list of exhibitors as a file that can be imported again."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from expo.accounts.rules import Actor, Permission, require
from expo.exhibitors.models import Exhibitor
from expo.exhibitors.queries import BoothName, CategoryName, list_booths_of, list_categories_of
from expo.formats.json_text import dump_json
from expo.formats.tables import Cell, write_csv, write_xlsx
from expo.infra.db import db
from expo.pure.languages import localized

COLUMNS = ("Name", "Booth_Venue", "Booth_Number", "Description", "Website", "Product_Categories", "Country")


def export_directory(actor: Actor, edition_id: int, name: str) -> bytes:
    """Return the companies of an edition as `csv`, `xlsx` or `json`, in the order in which they were added."""
    require(actor, Permission.EXHIBITORS_READ, edition_id)
    rows = list_company_rows(edition_id)
    if name == "json":
        return dump_json([dict(zip(COLUMNS, row, strict=True)) for row in rows])
    return write_csv(COLUMNS, rows) if name == "csv" else write_xlsx(COLUMNS, rows, "Exhibitors")


def list_company_rows(edition_id: int) -> list[tuple[Cell, ...]]:
    """Return a row for each company: name, venue, booths, text, website, categories, country.

    A company with booths in several halls gets one more row per further hall, with only its name and those booths.
    """
    companies = db.session.scalars(
        select(Exhibitor).where(Exhibitor.edition_id == edition_id).order_by(Exhibitor.id)
    ).all()
    by_hand = [each.id for each in companies if not each.source]
    categories, booths_of = list_categories_of(by_hand), list_booths_of(by_hand)
    rows: list[tuple[Cell, ...]] = []
    for each in companies:
        source = each.source or _describe(categories.get(each.id, []), booths_of.get(each.id, []))
        rows.append(
            (
                each.name,
                str(source.get("venue", "")),
                "; ".join(source.get("booths", [])),
                next(iter(each.description.values()), ""),
                each.website,
                "; ".join(source.get("categories", [])),
                each.country,
            )
        )
        for venue, booths in source.get("elsewhere", []):
            rows.append((each.name, venue, "; ".join(booths), "", "", "", ""))
    return rows


def _describe(categories: Sequence[CategoryName], booths: Sequence[BoothName]) -> dict[str, Any]:
    """Return what a file would have contained about a company that was entered by hand."""
    by_hall: dict[str, list[str]] = {}
    for booth in booths:
        by_hall.setdefault(localized(booth.hall_name, "en") if booth.hall_name else "", []).append(booth.code)
    (venue, codes), *elsewhere = list(by_hall.items()) or [("", [])]
    names = [localized(each.name, "en") for each in categories]
    return {"venue": venue, "booths": codes, "categories": names, "elsewhere": elsewhere}
