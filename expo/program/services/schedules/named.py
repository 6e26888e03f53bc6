"""Rooms, tracks and speakers of a schedule: which rows they are, and adding those that are new."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TypeVar

from expo.editions.models import Room
from expo.formats.schedule import ANY, SchedulePerson, ScheduleRoom, ScheduleTrack
from expo.infra.db import db
from expo.program.models import Speaker, Track
from expo.program.queries.schedules import key_of
from expo.pure.slugs import make_slug

Said = ScheduleRoom | ScheduleTrack | SchedulePerson
Row = TypeVar("Row", Room, Track, Speaker)
Value = TypeVar("Value")


def match_named(rows: Iterable[Row], said: Iterable[Said]) -> dict[str, int]:
    """Map the keys of a file to the rows that they mean: by key, otherwise by a name that only one row and one has."""
    rows, said = list(rows), list(said)
    by_key = {key_of(row): row.id for row in rows}
    found = {each.key: by_key[each.key] for each in said if each.key in by_key}
    taken = set(found.values())
    by_name = _unique((name, row.id) for row in rows for name in _names(row))
    theirs = _unique((name, each.key) for each in said for name in _names(each))
    for name, key in theirs.items():
        row_id = by_name.get(name)
        if key not in found and row_id is not None and row_id not in taken:
            found[key] = row_id
            taken.add(row_id)
    return found


def add_missing(
    model: type[Row], edition_id: int, rows: Iterable[Row], said: Iterable[Said], known: Mapping[str, int]
) -> dict[str, Row]:
    """Return the row of each key in a file, after adding those that are not `known`."""
    by_id = {row.id: row for row in rows}
    taken = {row.slug for row in by_id.values()}
    last = max((row.position for row in by_id.values()), default=-1)
    found: dict[str, Row] = {}
    for each in said:
        if each.key in known:
            found[each.key] = by_id[known[each.key]]
            continue
        last += 1
        name = each.name or {ANY: each.key}
        row = model(
            edition_id=edition_id,
            slug=make_slug(next(iter(name.values())), taken),
            name=name,
            position=last,
            source={},
        )
        db.session.add(row)
        found[each.key] = row
    db.session.flush()
    return found


def refresh(
    row: Room | Track, each: ScheduleRoom | ScheduleTrack, position: int, format_: str, *, is_same_source: bool
) -> None:
    """Update a row from the file that the programme comes from; a name changed here stays."""
    is_new = not row.source
    if is_same_source and "key" in row.source and row.name == row.source.get("name", row.name):
        row.name = each.name
    if is_same_source:
        row.position = position
    if is_same_source or is_new:
        row.source = {"key": each.key, "name": each.name, "format": format_, "raw": each.raw}


def _names(each: Said | Row) -> set[str]:
    return {" ".join(name.casefold().split()) for name in each.name.values() if name.strip()}


def _unique(pairs: Iterable[tuple[str, Value]]) -> dict[str, Value]:
    listed = list(pairs)
    counts = Counter(name for name, _value in listed)
    return {name: value for name, value in listed if counts[name] == 1}
