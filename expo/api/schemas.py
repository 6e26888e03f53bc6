"""Base classes of request and response schemas."""

from datetime import UTC, datetime
from typing import Annotated, Any, Generic, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

MAX_LIMIT = 200
DEFAULT_LIMIT = 50
_EARLIEST, _LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


class Schema(BaseModel):
    """A JSON object with strict types and no unknown members."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, hide_input_in_errors=True)


def _without_nul(text: str) -> str:
    if "\x00" in text:
        raise ValueError("must not contain U+0000")
    return text


def _of_this_century(moment: datetime) -> datetime:
    # Compare years only, because not every time zone can represent distant moments.
    if not _EARLIEST.year <= moment.year < _LATEST.year:
        raise ValueError("must be between the years 2000 and 2099")
    return moment


Text = Annotated[str, AfterValidator(_without_nul)]
Moment = Annotated[AwareDatetime, AfterValidator(_of_this_century)]
Texts = Annotated[
    dict[str, str], Field(description="A text by language code", examples=[{"en": "Hall 1", "zh": "1号馆"}])
]

# As Texts, but with the checks of what is sent to us.
TextsIn = Annotated[
    dict[Annotated[str, Field(pattern="^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")], Text],
    Field(description="A text by language code", examples=[{"en": "Hall 1", "zh": "1号馆"}], max_length=20),
]

Item = TypeVar("Item", bound=BaseModel)


class PageQuery(Schema):
    """Pagination options."""

    cursor: Text | None = Field(None, description="`next` of the previous page; omit it for the first page")
    limit: int = Field(DEFAULT_LIMIT, ge=1, le=MAX_LIMIT, description="Maximum number")


class LinkIn(Schema):
    """A link with its title."""

    url: Text
    title: Text = ""


class LinkOut(Schema):
    """A link with its title."""

    url: str
    title: str


class BookedIn(Schema):
    """An add-on and how many units of it."""

    code: Text = Field(max_length=32, description="Code of an add-on")
    quantity: int = Field(1, ge=1, le=20)


class BookedOut(Schema):
    """An add-on of an attendee."""

    code: str
    name: Texts
    quantity: int


class PeriodIn(Schema):
    """The time from `start` up to `end`."""

    start: Moment
    end: Moment


class PeriodOut(Schema):
    """The time from `start` up to `end`."""

    start: AwareDatetime
    end: AwareDatetime


class DeleteQuery(Schema):
    """Whether to delete what is in use."""

    cascade: bool = Field(False, description="Delete it together with everything that depends on it")


class Deleted(Schema):
    """What was deleted."""

    id: str


class Page(Schema, Generic[Item]):
    """One page of a list, in a stable order."""

    items: list[Item]
    next: str | None = Field(description="Cursor of the next page; null on the last page")


class Problem(BaseModel):
    """Why a request failed (RFC 9457). Further members carry the parameters of the code."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
    code: str


def example(**members: Any) -> ConfigDict:
    """Return the configuration that gives a schema an example in the documentation."""
    return ConfigDict(json_schema_extra={"examples": [members]})
