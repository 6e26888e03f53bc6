"""The history of a record, and what others changed in it while somebody edited it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm

from expo.accounts.queries import name_actors
from expo.checkin.queries.devices import name_devices
from expo.infra.audit import AuditRecord, list_audit_records
from expo.web.organizer.labels import ACTION_LABELS


@dataclass(frozen=True)
class ChangedField:
    """A field that somebody else changed, and its value now."""

    label: str
    value: str


@dataclass(frozen=True)
class OtherChange:
    """A change by somebody else; without fields it was not a change of single fields, such as a cancellation."""

    at: datetime
    actor: str
    fields: tuple[ChangedField, ...]


@dataclass(frozen=True)
class HistoryEntry:
    """What somebody did with a record."""

    at: datetime
    actor: str
    text: str


def list_history(subject: str, subject_id: int, edition_id: int) -> list[HistoryEntry]:
    """Return what was done with a record, newest first."""
    acts = [act for act in list_audit_records(subject, subject_id) if act.action in ACTION_LABELS]
    names = _names_of(acts, edition_id)
    return [HistoryEntry(act.at, _name(act, names), str(ACTION_LABELS[act.action])) for act in acts]


def list_other_changes(
    form: FlaskForm, subject: str, subject_id: int, edition_id: int, values: Mapping[str, Any]
) -> list[OtherChange]:
    """Return the changes since the version in the form, oldest first; `values` are the current ones by field."""
    acts: list[AuditRecord] = []
    for act in list_audit_records(subject, subject_id):
        if act.details.get("version") == form.version.data:
            break
        acts.append(act)
    names = _names_of(acts, edition_id)
    return [
        OtherChange(
            at=act.at,
            actor=_name(act, names),
            fields=tuple(
                ChangedField(form[name].label.text, _in_words(values.get(name)))
                for name in act.details.get("fields", ())
                if name in form
            ),
        )
        for act in reversed(acts)
    ]


def name_of_actor(act: AuditRecord, edition_id: int) -> str:
    """Return the name of who did something."""
    return _name(act, _names_of([act], edition_id))


def _names_of(acts: list[AuditRecord], edition_id: int) -> dict[tuple[str, int], str]:
    actors = [(act.actor_kind, act.actor_id) for act in acts]
    return name_actors(actors, edition_id) | name_devices(actors, edition_id)


def _name(act: AuditRecord, names: Mapping[tuple[str, int], str]) -> str:
    if act.actor_id is None:
        return _("Automatic")
    return names.get((act.actor_kind, act.actor_id), _("Deleted account"))


def _in_words(value: Any) -> str:
    if isinstance(value, Mapping):
        return " / ".join(value.values())
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list | tuple):
        return " · ".join(each if isinstance(each, str) else " ".join(filter(None, each)) for each in value)
    return "" if value is None else str(value)
