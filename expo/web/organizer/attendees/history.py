"""The history of an attendee for display: what was done, by whom, and what changed."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from expo.infra.audit import AuditRecord
from expo.pure.languages import BY_CODE
from expo.registration.rules import AttendeeState
from expo.tickets.queries import TicketTypeRow
from expo.web.kit.formats import country_name
from expo.web.kit.language import localized
from expo.web.kit.status_labels import ATTENDEE_STATES
from expo.web.organizer.labels import ACTION_LABELS, FIELDS


@dataclass(frozen=True)
class Change:
    """A changed detail. An empty text means that it was, or is now, not given."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Entry:
    """A recorded action. `changed` names details whose values were not recorded."""

    at: datetime
    text: str
    actor: str
    changes: tuple[Change, ...]
    changed: tuple[str, ...]


@dataclass(frozen=True)
class _Offers:
    """The names of ticket types and add-ons by code."""

    tickets: dict[str, str]
    add_ons: dict[str, str]


def entries_of(
    history: list[AuditRecord],
    names: dict[tuple[str, int], str],
    ticket_types: list[TicketTypeRow],
    add_on_names: dict[str, str],
) -> list[Entry]:
    """Return an attendee's recorded actions for display."""
    offers = _Offers({each.code: localized(each.name) for each in ticket_types}, add_on_names)
    return [_entry(act, names, offers) for act in history]


def _entry(act: AuditRecord, names: dict[tuple[str, int], str], offers: _Offers) -> Entry:
    values = act.details.get("values") or {}
    changes = tuple(
        Change(_label(field), _shown(field, before, offers), _shown(field, after, offers))
        for field, (before, after) in values.items()
    )
    named = act.details.get("changed") or ()
    return Entry(
        at=act.at,
        text=str(ACTION_LABELS.get(act.action, act.action)),
        actor=_actor(act, names),
        changes=changes,
        changed=tuple(_label(field) for field in named if field not in values),
    )


def _label(field: str) -> str:
    return str(FIELDS.get(field, field))


def _shown(field: str, value: str, offers: _Offers) -> str:
    """Return a recorded value as users know it."""
    if field == "country":
        return country_name(value)
    if field == "language":
        return BY_CODE[value].name if value in BY_CODE else value
    if field == "ticket_type":
        return offers.tickets.get(value, value)
    if field == "add_ons":
        # The code of each unit.
        return _(", ").join(offers.add_ons.get(code, code) for code in value.split(", "))
    if field == "state" and value in set(AttendeeState):
        return str(ATTENDEE_STATES[AttendeeState(value)])
    return value


def _actor(act: AuditRecord, names: dict[tuple[str, int], str]) -> str:
    if act.actor_kind == "system":
        return _("Automatic")
    if act.actor_id is None and act.actor_kind == "device":
        return _("Kiosk")
    if act.actor_id is None:
        return _("Website visitor")
    return names.get((act.actor_kind, act.actor_id), _("Deleted account"))
