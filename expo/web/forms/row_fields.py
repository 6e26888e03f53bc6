"""Fields with any number of rows that work without JavaScript: links, periods and speakers.

The inputs of each column share a name, and rows are matched by their order. Empty rows are ignored. The buttons that
add, move or remove a row submit the form under the name ROW_ACTION; the page is then shown again with what was typed.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import zip_longest
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from flask import request
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import Field, ValidationError
from wtforms.utils import unset_value

from expo.program.rules import Link, SpeakerPart, SpeakerRole
from expo.pure.periods import Period
from expo.web.kit.text_fields import MINUTES

ROW_ACTION = "rows"
SPARE_ROWS = 1
MORE_ROWS = 3
MAX_DIGITS = 3
Row = tuple[str, ...]


class RowsField(Field):
    """Rows of texts, one for each of `columns`. Its data is a list of rows without the empty ones."""

    columns: ClassVar[tuple[str, ...]] = ()

    def __init__(self, label: Any, *, has_order: bool = False, **options: Any) -> None:
        super().__init__(label, **options)
        self.has_order = has_order
        self.spare = SPARE_ROWS

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:  # noqa: ARG002
        """Read the rows from the submitted columns, or else from `data`."""
        self.process_errors = []
        names = [f"{self.name}-{column}" for column in self.columns]
        if formdata and any(name in formdata for name in names):
            columns = [formdata.getlist(name) for name in names]
            self.shown: list[Row] = [tuple(text.strip() for text in row) for row in zip_longest(*columns, fillvalue="")]
            self.data: list[Row] = [row for row in self.shown if self.is_filled(row)]
        else:
            self.shown = self.data = [] if data is unset_value or not data else list(data)
        self.object_data = self.data

    def is_filled(self, row: Row) -> bool:
        """Return whether a row contains anything."""
        return any(row)

    @property
    def rows(self) -> list[Row]:
        """The rows to show: the filled ones, and empty ones for more."""
        return [*self.data, *[("",) * len(self.columns)] * self.spare]

    def apply(self, action: str, index: int) -> None:
        """Add empty rows (`add`), move a row up (`up`) or remove it (`remove`); `index` counts the rows shown."""
        if action == "add":
            self.spare += MORE_ROWS
            return
        if index >= len(self.shown) or not self.is_filled(self.shown[index]):
            return
        at = sum(self.is_filled(row) for row in self.shown[:index])
        if action == "up" and at > 0:
            self.data[at - 1], self.data[at] = self.data[at], self.data[at - 1]
        elif action == "remove":
            del self.data[at]


class LinksField(RowsField):
    """Links with titles."""

    columns = ("url", "title")

    @staticmethod
    def of(links: Sequence[Mapping[str, str]]) -> list[Row]:
        """Return stored links as rows."""
        return [(each.get("url", ""), each.get("title", "")) for each in links]

    def to_links(self) -> tuple[Link, ...]:
        """Return the rows as links."""
        return tuple(Link(url, title) for url, title in self.data)


class PeriodsField(RowsField):
    """Periods, entered as date-times in the edition's zone."""

    columns = ("from", "to")

    @staticmethod
    def of(periods: Sequence[Period], zone: ZoneInfo) -> list[Row]:
        """Return periods as rows."""
        return [
            (each.start.astimezone(zone).strftime(MINUTES[0]), each.end.astimezone(zone).strftime(MINUTES[0]))
            for each in periods
        ]

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002 - WTForms passes it
        """Check that every row has two moments."""
        if any(_read_moment(text) is None for row in self.data for text in row):
            raise ValidationError(_("Enter both the start and the end of each period."))

    def to_periods(self, zone: ZoneInfo) -> tuple[Period, ...]:
        """Return the rows as periods."""
        moments = [[_read_moment(text) for text in row] for row in self.data]
        return tuple(
            Period(start.replace(tzinfo=zone), end.replace(tzinfo=zone)) for start, end in moments if start and end
        )


class SpeakersField(RowsField):
    """Speakers by name, with their role. `offer` sets the names that are suggested and understood."""

    columns = ("name", "role")
    names: Mapping[str, str] = {}

    @staticmethod
    def of(parts: Sequence[SpeakerPart], names: Mapping[str, str]) -> list[Row]:
        """Return speakers as rows; `names` maps slugs to names."""
        return [(names.get(each.slug, each.slug), str(each.role)) for each in parts]

    def offer(self, names: Mapping[str, str]) -> None:
        """Set the known speakers: their slugs by name."""
        self.names = names

    def is_filled(self, row: Row) -> bool:
        """Return whether a row has a name; a role alone says nothing."""
        return bool(row[0])

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002 - WTForms passes it
        """Check that every name is known."""
        for name, _role in self.data:
            if self._find(name) is None:
                raise ValidationError(
                    _("There is no speaker called %(name)s. Add them under Speakers first.", name=name[:100])
                )

    def to_parts(self) -> tuple[SpeakerPart, ...]:
        """Return the rows as speakers with roles."""
        found = [(self._find(name), role) for name, role in self.data]
        return tuple(
            SpeakerPart(slug, SpeakerRole(role) if role in set(SpeakerRole) else SpeakerRole.SPEAKER)
            for slug, role in found
            if slug
        )

    def _find(self, name: str) -> str | None:
        if name in self.names:
            return self.names[name]
        folded = {each.casefold(): slug for each, slug in self.names.items()}
        return folded.get(name.casefold()) or (name if name in self.names.values() else None)


def change_rows(form: FlaskForm) -> bool:
    """Return whether the form was submitted only to add or move a row, and do so."""
    name, _sep, rest = request.form.get(ROW_ACTION, "").partition(":")
    action, _sep, index = rest.partition(":")
    field = next((each for each in form if each.name == name), None)
    if not form.is_submitted() or not isinstance(field, RowsField):
        return False
    field.apply(action, int(index) if index.isascii() and index.isdigit() and len(index) <= MAX_DIGITS else 0)
    return True


def _read_moment(text: str) -> datetime | None:
    for form in MINUTES:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007 - the zone is the edition's
        except ValueError:
            continue
    return None
