"""The messages of the error codes of rules and questions at the doors; part of `error_messages.py`."""

from flask_babel import lazy_gettext as _l

DOOR_MESSAGES = {
    "door_note_too_long": _l("This note has more than %(maximum)s characters. Shorten it."),
    "rule_condition_unknown": _l("The rule has a condition that does not exist (%(path)s). Check its name."),
    "rule_value_invalid": _l("A condition of the rule has a missing or invalid value (%(path)s). Correct it."),
    "rule_too_large": _l("The rule has too many conditions, or groups nested too deeply (%(path)s). Simplify it."),
    "rule_session_missing": _l(
        "A condition refers to a session (%(path)s), but this checkpoint has none. Choose its session first."
    ),
    "door_questions_too_many": _l("A checkpoint can have up to %(maximum)s questions. Remove some."),
    "door_question_invalid": _l(
        "Question %(number)s is incomplete. Enter its text, and at least one choice if it is a choice."
    ),
}
