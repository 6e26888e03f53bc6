"""The list of exhibitors as a file that can be imported again."""

from expo.accounts.rules import Actor, Permission, require
from expo.exhibitors.queries import list_all_exhibitors
from expo.formats.json_text import dump_json
from expo.formats.tables import Cell, write_csv, write_xlsx

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
    rows: list[tuple[Cell, ...]] = []
    for each in list_all_exhibitors(edition_id):
        halls: dict[str, list[str]] = {}
        for booth in each.booths:
            halls.setdefault(_first(booth.hall_name or {}), []).append(booth.code)
        (venue, codes), *others = list(halls.items()) or [("", [])]
        categories = "; ".join(_first(category.name) for category in each.categories)
        rows.append(
            (each.name, venue, "; ".join(codes), _first(each.description), each.website, categories, each.country)
        )
        rows += [(each.name, hall, "; ".join(booths), "", "", "", "") for hall, booths in others]
    return rows


def _first(texts: dict[str, str]) -> str:
    """Return a text in English, else in its first language: files have one language."""
    return texts.get("en") or next(iter(texts.values()), "")
