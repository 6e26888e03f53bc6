"""Acts on forms and answers."""

from expo.questions.services.answers import delete_sheet, store_answers
from expo.questions.services.forms import (
    add_field,
    change_field,
    copy_form,
    create_form,
    delete_form,
    move_field,
    remove_field,
)

__all__ = [
    "add_field",
    "change_field",
    "copy_form",
    "create_form",
    "delete_form",
    "delete_sheet",
    "move_field",
    "remove_field",
    "store_answers",
]
