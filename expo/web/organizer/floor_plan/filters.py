"""Which booths of a hall are listed below its plan, as the address says."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request

from expo.exhibitors.queries import BoothRow
from expo.exhibitors.rules import BoothState
from expo.pure.names import search_terms, search_text


@dataclass(frozen=True)
class BoothFilter:
    """Booths with a number or a company that matches, and in a state; empty values do not restrict."""

    q: str = ""
    state: str = ""

    @property
    def to_query(self) -> dict[str, str]:
        """The query parameters of this filter."""
        return {name: value for name, value in vars(self).items() if value}

    def apply(self, rows: Sequence[BoothRow]) -> list[BoothRow]:
        """Return the booths that match; the plan needs all of them anyway, so they are in memory."""
        terms = search_terms(self.q)
        return [each for each in rows if self.state in ("", each.state.value) and _matches(each, terms)]


def read_booth_filter() -> BoothFilter:
    """Return the filter in the address of this request; unknown values are ignored."""
    state = request.args.get("state", "")
    known = {each.value for each in BoothState}
    return BoothFilter(request.args.get("q", "").strip()[:100], state if state in known else "")


def _matches(booth: BoothRow, terms: Sequence[str]) -> bool:
    if not terms:
        return True
    holder = (booth.holder.name,) if booth.holder else ()
    text = search_text(booth.code, *(each.name for each in booth.companies), *holder)
    return all(f" {term}" in f" {text}" for term in terms)
