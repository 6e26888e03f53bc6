"""The form of a checkpoint's rule: conditions in groups, and how often a badge may enter.

A rule is edited as rows. "Or" joins a row to the one above, "and" begins a new group; all groups must be met. A rule
that is nested more deeply, as the API accepts, is shown as a sentence and replaced as a whole.
"""

from collections.abc import Sequence
from typing import Any

from flask_babel import LazyString, gettext as _, lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import FieldList, FormField, HiddenField, IntegerField, RadioField, SelectField, StringField
from wtforms.validators import Optional

from expo.checkin.rules.facts import Rule
from expo.checkin.rules.validation import MAX_COUNT, MAX_MINUTES
from expo.web.kit.choices import as_choices, check_boxes
from expo.web.kit.subforms import PartOfForm

MAX_ROWS = 20
FREE, ONCE_A_DAY, ONCE = "free", "day", "once"
REENTRY: dict[str, Rule] = {ONCE_A_DAY: {"entries_today": {"max": 1}}, ONCE: {"entries": {"max": 1}}}
Choices = Sequence[tuple[str, str]]

# Each kind of condition: its name, and the words for "met" and "not met" in its row.
CONDITIONS: dict[str, tuple[LazyString, LazyString, LazyString]] = {
    "ticket_type": (_l("Ticket"), _l("is one of"), _l("is none of")),
    "hours": (_l("Time"), _l("is between"), _l("is not between")),
    "session": (_l("Time around the session"), _l("is between"), _l("is not between")),
    "entries_today": (_l("Entries today"), _l("are fewer than"), _l("are at least")),
    "entries": (_l("Entries in total"), _l("are fewer than"), _l("are at least")),
    "minutes_since_entry": (_l("Minutes since the last entry"), _l("are at least"), _l("are fewer than")),
    "minutes_since_exit": (_l("Minutes since the last exit today"), _l("are at least"), _l("are fewer than")),
    "inside": (_l("Attendee"), _l("is currently in"), _l("is not currently in")),
    "holds_seat": (_l("Seat in the session"), _l("is held"), _l("is not held")),
    "add_on": (_l("Add-on"), _l("is one of"), _l("is none of")),
}
OF_SESSIONS = ("session", "holds_seat")
_LIMITS = {
    "entries_today": ("max", MAX_COUNT),
    "entries": ("max", MAX_COUNT),
    "minutes_since_entry": ("min", MAX_MINUTES),
    "minutes_since_exit": ("min", MAX_MINUTES),
}


class ConditionForm(PartOfForm):
    """One condition. Its kind decides which of the fields are shown."""

    kind = HiddenField()
    joined = SelectField(_l("Joined by"), choices=as_choices([("and", _l("and")), ("or", _l("or"))]), default="and")
    is_not = SelectField(_l("Comparison"), choices=as_choices([("", ""), ("not", "")]), default="")
    ticket_types = check_boxes(_l("Tickets"), validate_choice=False)
    first = StringField(_l("From"), render_kw={"type": "time"})
    last = StringField(_l("Until"), render_kw={"type": "time"})
    before = IntegerField(_l("Minutes before the session starts"), validators=[Optional()])
    after = IntegerField(_l("Minutes after"), validators=[Optional()])
    anchor = SelectField(
        _l("After which moment"),
        choices=as_choices([("session_start", _l("the session starts")), ("session_end", _l("the session ends"))]),
        default="session_start",
    )
    number = IntegerField(_l("Number"), validators=[Optional()], render_kw={"min": 1})
    zone = SelectField(_l("Zone"), validate_choice=False)
    add_ons = check_boxes(_l("Add-ons"), validate_choice=False)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields that this kind of condition has."""
        if not super().validate(extra_validators):
            return False
        if self.is_complete():
            return True
        match self.kind.data or "":
            case "ticket_type":
                self.ticket_types.errors = [_("Choose at least one ticket.")]
            case "add_on":
                self.add_ons.errors = [_("Choose at least one add-on.")]
            case "hours":
                self.first.errors = [_("Enter two different times.")]
            case "session":
                self.before.errors = [_("Enter the minutes before and after. Both can be 0.")]
            case kind if kind in _LIMITS:
                self.number.errors = [_("Enter a number from 1 to %(maximum)s.", maximum=_LIMITS[kind][1])]
            case _:
                self.kind.errors = [_("This condition is incomplete. Remove it, or add it again.")]
        return False

    def is_complete(self) -> bool:
        """Return whether the fields of this kind of condition are filled in."""
        kind = self.kind.data or ""
        match kind:
            case "ticket_type":
                return bool(self.ticket_types.data)
            case "hours":
                return bool(self.first.data and self.last.data) and self.first.data != self.last.data
            case "session":
                return self.before.data is not None and self.after.data is not None
            case "inside":
                return bool(self.zone.data)
            case "add_on":
                return bool(self.add_ons.data)
        return kind == "holds_seat" or (kind in _LIMITS and 1 <= (self.number.data or 0) <= _LIMITS[kind][1])

    def to_rule(self) -> Rule:
        """Return the condition as submitted, complete or not: the service checks it."""
        leaf = self._to_leaf(self.kind.data or "")
        return {"not": leaf} if self.is_not.data == "not" else leaf

    def _to_leaf(self, kind: str) -> Rule:
        if kind == "hours":
            return {"between": [self.first.data or "", self.last.data or ""]}
        if kind == "session":
            return {"between": [{"session_start": -(self.before.data or 0)}, {self.anchor.data: self.after.data or 0}]}
        if kind in _LIMITS:
            return {kind: {_LIMITS[kind][0]: self.number.data}}
        values: dict[str, Any] = {
            "ticket_type": list(self.ticket_types.data or ()),
            "add_on": list(self.add_ons.data or ()),
            "inside": self.zone.data or "",
        }
        return {kind: values.get(kind, True)}


class RuleForm(FlaskForm):  # type: ignore[misc]
    """The rule of a checkpoint."""

    # That of the checkpoint as it was when the form was opened.
    version = HiddenField()
    reentry = RadioField(
        _l("Re-entry"),
        choices=as_choices(
            [
                (FREE, _l("Free: come back any time after leaving")),
                (ONCE_A_DAY, _l("Once a day: each badge enters once on each day")),
                (ONCE, _l("Once: each badge enters a single time")),
            ]
        ),
        default=FREE,
    )
    conditions = FieldList(FormField(ConditionForm), max_entries=MAX_ROWS)
    new_kind = SelectField(_l("New condition"), validate_choice=False)

    def offer(self, *, ticket_types: Choices, zones: Choices, add_ons: Choices, has_session: bool) -> None:
        """Set the choices."""
        offered = {kind for kind in CONDITIONS if has_session or kind not in OF_SESSIONS}
        if not zones:
            offered.discard("inside")
        if not add_ons:
            offered.discard("add_on")
        self.new_kind.choices = as_choices((kind, CONDITIONS[kind][0]) for kind in CONDITIONS if kind in offered)
        for entry in self.conditions:
            _name, met, unmet = CONDITIONS.get(entry.form.kind.data or "", CONDITIONS["ticket_type"])
            entry.form.is_not.choices = as_choices([("", met), ("not", unmet)])
            entry.form.ticket_types.choices = as_choices(ticket_types)
            entry.form.zone.choices = as_choices(zones)
            entry.form.add_ons.choices = as_choices(add_ons)

    def to_rule(self) -> Rule | None:
        """Return the rule as submitted; None if there is none."""
        groups: list[list[Rule]] = []
        for number, entry in enumerate(self.conditions):
            if number == 0 or entry.form.joined.data != "or":
                groups.append([])
            groups[-1].append(entry.form.to_rule())
        parts: list[Rule] = [group[0] if len(group) == 1 else {"any": group} for group in groups]
        if self.reentry.data in REENTRY:
            parts.append(REENTRY[self.reentry.data])
        if len(parts) > 1:
            return {"all": parts}
        return parts[0] if parts else None


def to_form_data(rule: Rule | None) -> dict[str, Any] | None:
    """Return the data of the form for a rule; None if the rule is nested too deeply for rows."""
    parts: list[Rule] = []
    if rule is not None:
        parts = list(rule["all"]) if "all" in rule else [rule]
    reentry = next((name for name, each in REENTRY.items() if each in parts), FREE)
    if reentry != FREE:
        parts.remove(REENTRY[reentry])
    rows: list[dict[str, Any]] = []
    for part in parts:
        for number, each in enumerate(part.get("any", [part])):
            row = _to_row(each)
            if row is None:
                return None
            rows.append(row | {"joined": "or" if number else "and"})
    return {"reentry": reentry, "conditions": rows}


def _to_row(rule: Rule) -> dict[str, Any] | None:
    is_not = "not" in rule
    ((kind, value),) = (rule["not"] if is_not else rule).items()
    values: dict[str, Any] | None = None
    if kind == "between":
        values = _to_window(value)
    elif kind == "ticket_type":
        values = {"kind": kind, "ticket_types": value}
    elif kind == "add_on":
        values = {"kind": kind, "add_ons": value}
    elif kind == "inside":
        values = {"kind": kind, "zone": value}
    elif kind == "holds_seat":
        values = {"kind": kind}
    elif kind in _LIMITS:
        values = {"kind": kind, "number": value[_LIMITS[kind][0]]}
    return None if values is None else values | {"is_not": "not" if is_not else ""}


def _to_window(window: list[Any]) -> dict[str, Any] | None:
    first, last = window
    if isinstance(first, str) and isinstance(last, str):
        return {"kind": "hours", "first": first, "last": last}
    if isinstance(first, str) or isinstance(last, str) or "session_start" not in first or "day" in last:
        return None
    ((anchor, after),) = last.items()
    return {"kind": "session", "before": -first["session_start"], "after": after, "anchor": anchor}
