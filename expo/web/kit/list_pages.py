"""Lists cut into numbered pages: which page the address asks for, which rows it has, and where the others are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import request, url_for

PAGE_SIZE = 50
Row = TypeVar("Row")


@dataclass(frozen=True)
class ListPage:
    """A page of a list of `total` rows; `query` has the filters and the order, which every page keeps."""

    number: int
    total: int
    size: int
    query: Mapping[str, str] = field(default_factory=dict)
    # The part of the page where the list begins, if other parts come before it.
    anchor: str | None = None

    @property
    def pages(self) -> int:
        """How many pages there are: at least one."""
        return max(1, -(-self.total // self.size))

    @property
    def offset(self) -> int:
        """How many rows come before this page."""
        return (self.number - 1) * self.size

    @property
    def to_query(self) -> dict[str, Any]:
        """The query parameters that lead here."""
        return {**self.query, **({"page": str(self.number)} if self.number > 1 else {})}

    def cut(self, rows: Sequence[Row]) -> Sequence[Row]:
        """Return the rows of this page out of all rows."""
        return rows[self.offset : self.offset + self.size]

    def url(self, number: int) -> str:
        """Return the address of another page of this list."""
        page = {"page": number} if number > 1 else {}
        values = {**(request.view_args or {}), **self.query, **page}
        return url_for(request.endpoint or "", _anchor=self.anchor, **values)


def page_of_request(total: int, query: Mapping[str, str] | None = None, *, anchor: str | None = None) -> ListPage:
    """Return the page that the address asks for, or the last one if there are fewer."""
    last = max(1, -(-total // PAGE_SIZE))
    number = min(max(request.args.get("page", 1, type=int), 1), last)
    return ListPage(number, total, PAGE_SIZE, query or {}, anchor)
