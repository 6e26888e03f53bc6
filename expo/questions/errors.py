"""What can go wrong with forms.

Codes: `form_missing`, `form_changed`, `field_missing`, `field_key_invalid`, `field_key_taken`, `field_kind_fixed`,
`field_in_use`, `field_label_missing`, `too_many_fields`, `too_many_options`, `options_missing`, `option_key_taken`,
`option_label_missing`, `condition_field_unknown`, `condition_not_before`, `condition_values_missing`,
`condition_value_unknown`, `condition_operator_unfit`, `limits_reversed`, `limits_unfit`, `sheet_missing`.

Codes of answers: `answer_missing`, `answer_too_short`, `answer_too_long`, `number_invalid`, `number_too_small`,
`number_too_large`, `date_invalid`, `date_too_early`, `date_too_late`, `choice_unknown`, `too_few_choices`,
`too_many_choices`, `country_unknown`, `phone_invalid`, `url_invalid`, `consent_missing`, `file_unknown`.
"""

from expo.errors import Missing


class FormMissing(Missing):
    """There is no such form in this edition."""

    def __init__(self) -> None:
        super().__init__("form_missing")


class FieldMissing(Missing):
    """The form has no such field."""

    def __init__(self) -> None:
        super().__init__("field_missing")
