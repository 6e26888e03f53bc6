"""Choices for a form's select boxes, radio buttons and check boxes."""

from collections.abc import Iterable
from typing import Any

from wtforms import SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.widgets import CheckboxInput, ListWidget


def as_choices(pairs: Iterable[tuple[Any, Any]]) -> list[SelectChoice]:
    """Return (value, label) pairs in the form that WTForms expects."""
    return [SelectChoice(value, words) for value, words in pairs]


def check_boxes(label: Any, description: Any = "", **options: Any) -> SelectMultipleField:
    """Return a field of check boxes."""
    return SelectMultipleField(
        label,
        description=description,
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        **options,
    )
