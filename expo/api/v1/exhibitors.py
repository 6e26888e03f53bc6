"""Exhibitors, as in the public directory."""

from pydantic import Field

from expo.api.authentication import Call
from expo.api.pagination import read_cursor, write_cursor
from expo.api.schemas import Page, PageQuery, Schema, Text, Texts
from expo.api.v1.program import Named
from expo.api.v1.version import v1
from expo.exhibitors.queries import ExhibitorFilter, ExhibitorRow, paginate_exhibitors


class ExhibitorQuery(PageQuery):
    """Filters for exhibitors; omitted ones do not apply."""

    q: Text = Field("", max_length=200, description="Words from the name or description")
    category: Text = Field("", max_length=200, description="Id of a category")
    country: Text = Field("", max_length=2, description="ISO 3166-1 alpha-2")
    hall: Text = Field("", max_length=100, description="Code of a hall")


class BoothOut(Schema):
    """A booth."""

    code: str
    hall: Texts | None


class ExhibitorOut(Schema):
    """An exhibitor."""

    id: str
    name: str
    country: str
    website: str
    description: Texts
    categories: list[Named]
    booths: list[BoothOut]


@v1.route("GET", "/exhibitors", group="Exhibitors")
def get_exhibitors(call: Call, query: ExhibitorQuery) -> Page[ExhibitorOut]:
    """List exhibitors."""
    wanted = ExhibitorFilter(q=query.q, category=query.category, country=query.country, hall=query.hall)
    rows, after = paginate_exhibitors(call.edition_id, wanted, read_cursor(query.cursor), query.limit)
    return Page[ExhibitorOut](items=[exhibitor_out(row) for row in rows], next=write_cursor(after))


def exhibitor_out(row: ExhibitorRow) -> ExhibitorOut:
    """Return a company as it is sent."""
    return ExhibitorOut(
        id=row.slug,
        name=row.name,
        country=row.country,
        website=row.website,
        description=row.description,
        categories=[Named(id=each.slug, name=each.name) for each in row.categories],
        booths=[BoothOut(code=each.code, hall=each.hall_name) for each in row.booths],
    )
