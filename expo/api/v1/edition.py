"""The expo: its dates, its registration period and its halls."""

from datetime import date

from pydantic import AwareDatetime, Field

from expo.api.authentication import Call
from expo.api.pagination import read_cursor, write_cursor
from expo.api.schemas import Page, PageQuery, Schema, Texts
from expo.api.v1.version import v1
from expo.editions.queries import get_edition, list_halls
from expo.editions.rules import RegistrationState


class RegistrationWindowOut(Schema):
    """Whether visitors can register on the public pages. The API can register people at any time."""

    state: RegistrationState
    opens_at: AwareDatetime | None
    closes_at: AwareDatetime | None = Field(description="null if there is no end")


class EditionOut(Schema):
    """The expo that the token belongs to."""

    slug: str
    title: Texts
    tagline: Texts
    venue: Texts
    city: Texts
    starts_on: date
    ends_on: date
    time_zone: str
    languages: list[str]
    currency: str
    registration: RegistrationWindowOut


class HallOut(Schema):
    """A building or floor with rooms and booths."""

    code: str
    name: Texts


@v1.route("GET", "/edition", group="Expo")
def get_expo(call: Call) -> EditionOut:
    """Get the expo."""
    edition = get_edition(call.edition_id)
    return EditionOut(
        slug=edition.slug,
        title=edition.title,
        tagline=edition.tagline,
        venue=edition.venue,
        city=edition.city,
        starts_on=edition.starts_on,
        ends_on=edition.ends_on,
        time_zone=edition.time_zone,
        languages=list(edition.languages),
        currency=edition.currency,
        registration=RegistrationWindowOut(
            state=edition.registration.state_at(call.now),
            opens_at=edition.registration.opens_at,
            closes_at=edition.registration.closes_at,
        ),
    )


@v1.route("GET", "/halls", group="Expo")
def get_halls(call: Call, query: PageQuery) -> Page[HallOut]:
    """List halls."""
    after = read_cursor(query.cursor) or 0
    rows = sorted((row for row in list_halls(call.edition_id) if row.id > after), key=lambda row: row.id)
    page = rows[: query.limit]
    return Page[HallOut](
        items=[HallOut(code=row.code, name=row.name) for row in page],
        next=write_cursor(page[-1].id) if len(rows) > query.limit else None,
    )
