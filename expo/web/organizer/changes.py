"""What others changed while somebody edited the same record, shown instead of overwriting it unseen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm

from expo.accounts.queries import name_actors
from expo.infra.audit import Act, list_acts


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


def list_other_changes(
    form: FlaskForm, subject: str, subject_id: int, edition_id: int, values: Mapping[str, Any]
) -> list[OtherChange]:
    """Return the changes since the version in the form, oldest first; `values` are the current ones by field."""
    acts: list[Act] = []
    for act in list_acts(subject, subject_id):
        if act.details.get("version") == form.version.data:
            break
        acts.append(act)
    names = name_actors([(act.actor_kind, act.actor_id) for act in acts], edition_id)
    return [
        OtherChange(
            at=act.at,
            actor=names.get((act.actor_kind, act.actor_id), "") if act.actor_id is not None else _("Automatic"),
            fields=tuple(
                ChangedField(form[name].label.text, _in_words(values.get(name)))
                for name in act.details.get("fields", ())
                if name in form
            ),
        )
        for act in reversed(acts)
    ]


def _in_words(value: Any) -> str:
    if isinstance(value, Mapping):
        return " / ".join(value.values())
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list | tuple):
        return " · ".join(each if isinstance(each, str) else " ".join(filter(None, each)) for each in value)
    return "" if value is None else str(value)
