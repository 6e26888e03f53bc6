"""The list of exhibitors as a file that can be imported again."""

from sqlalchemy import select

from expo.accounts.rules import Actor, Permission, require
from expo.exhibitors.models import Exhibitor
from expo.formats.json_text import dump_json
from expo.formats.tables import Cell, write_csv, write_xlsx
from expo.infra.db import db

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
    companies = db.session.scalars(select(Exhibitor).where(Exhibitor.edition_id == edition_id).order_by(Exhibitor.id))
    rows: list[tuple[Cell, ...]] = []
    for each in companies:
        rows.append(
            (
                each.name,
                str(each.source.get("venue", "")),
                "; ".join(each.source.get("booths", [])),
                next(iter(each.description.values()), ""),
                each.website,
                "; ".join(each.source.get("categories", [])),
                each.country,
            )
        )
        for venue, booths in each.source.get("elsewhere", []):
            rows.append((each.name, venue, "; ".join(booths), "", "", "", ""))
    return rows
