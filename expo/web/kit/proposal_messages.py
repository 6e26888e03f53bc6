"""The messages of the error codes of proposals, and of forms of questions and answers to them."""

from flask_babel import lazy_gettext as _l

PROPOSAL_MESSAGES = {
    "call_missing": _l("We could not find this call for proposals. It may have been deleted."),
    "proposal_missing": _l("We could not find this proposal. You may have to sign in with another e-mail address."),
    "call_title_empty": _l("Enter a name for the call."),
    "call_times_reversed": _l("The call closes before it opens. Choose a later closing time."),
    "call_in_use": _l("This call has proposals (%(count)s), so it cannot be deleted. Close it instead."),
    "call_not_open": _l("This call for proposals is not open at the moment."),
    "proposal_changed": _l(
        "This proposal was changed in another window in the meantime. Save again to replace that version with what you "
        "typed."
    ),
    "proposal_state": _l("This is no longer possible because the status of the proposal has changed. Reload the page."),
    "proposal_not_editable": _l("This proposal can no longer be edited. Write to the organizers if it has to change."),
    "proposals_too_many": _l(
        "You can submit up to %(maximum)s proposals to this call. Withdraw another one first. Your draft is saved."
    ),
    "drafts_too_many": _l("You can have up to %(maximum)s drafts in a call. Submit or continue one of them."),
    "length_out_of_range": _l("Enter a length from %(minimum)s to %(maximum)s minutes."),
    "speaker_invited": _l("This person is already a speaker of this proposal."),
    "speakers_too_many": _l("A proposal can have up to %(maximum)s speakers."),
    "invitation_missing": _l("This invitation is no longer valid. Ask the person who invited you for a new one."),
    "invitation_broken": _l("This link is incomplete. Open it from the e-mail again, or copy the whole link."),
    "invitation_answered": _l("This invitation has already been answered."),
    "account_exists": _l("You already have an account. Sign in to answer this invitation."),
    "links_too_many": _l("You can add up to %(maximum)s links."),
    "absences_too_many": _l("You can add up to %(maximum)s periods."),
    "profile_missing": _l("You have no speaker profile yet. Fill it in first."),
    "contact_missing": _l("The organizers have not published an e-mail address yet. Try again later."),
    "message_empty": _l("Enter a message."),
    "slides_unknown": _l(
        "%(name)s is not a PDF, PPTX, ODP, KEY or ZIP file. Export your slides in one of these formats and upload "
        "them again."
    ),
    "files_too_many": _l("A proposal can have up to %(maximum)s files. Delete one first."),
    "round_missing": _l("We could not find this review round. It may have been deleted."),
    "round_not_open": _l("This review round is not open at the moment."),
    "round_name_empty": _l("Enter a name for the round."),
    "round_times_reversed": _l("The round closes before it opens. Choose a later closing time."),
    "criteria_missing": _l("Add from 1 to %(maximum)s criteria."),
    "criterion_label_missing": _l("Enter a name for each criterion."),
    "criteria_in_use": _l(
        "This round has reviews, so criteria cannot be added or removed. Start another round instead."
    ),
    "reviewer_unknown": _l(
        "One of the chosen people can no longer review proposals. Reload the page and choose again."
    ),
    "reviewers_missing": _l("Choose at least one reviewer first."),
    "review_missing": _l("This proposal is not assigned to you for review."),
    "score_missing": _l("Choose a score."),
    "too_many_proposals": _l("Select at most %(maximum)s proposals."),
    "answer_missing": _l("Fill in this field."),
    "answer_too_short": _l("Enter at least %(minimum)s characters. There are %(length)s now."),
    "answer_too_long": _l("Shorten this to at most %(maximum)s characters. There are %(length)s now."),
    "number_invalid": _l("Enter a number, such as 12 or 3.5."),
    "number_too_small": _l("Enter a number of at least %(minimum)s."),
    "number_too_large": _l("Enter a number of at most %(maximum)s."),
    "date_invalid": _l("Enter a date, such as 2027-05-26."),
    "date_too_early": _l("Enter a date on or after %(earliest)s."),
    "date_too_late": _l("Enter a date on or before %(latest)s."),
    "choice_unknown": _l("Choose one of the options."),
    "too_few_choices": _l("Choose at least %(minimum)s options."),
    "too_many_choices": _l("Choose at most %(maximum)s options."),
    "phone_invalid": _l("Enter a phone number with its country code, such as +86 851 1234 5678."),
    "consent_missing": _l("Your consent is needed to continue."),
    "file_unknown": _l("Upload the file again."),
    "form_missing": _l("This form does not exist. It may have been deleted."),
    "form_changed": _l("Someone else changed this form in the meantime. Check the current version, then try again."),
    "field_missing": _l("This question does not exist. It may have been removed."),
    "field_key_invalid": _l(
        "Use only lowercase letters, digits and underscores for the key, and do not start with a digit."
    ),
    "field_key_taken": _l("Another question of this form has the key %(key)s. Choose another key."),
    "field_kind_fixed": _l("This question has answers, so its type cannot be changed. Add a new question instead."),
    "field_in_use": _l("The question %(other)s has a condition that depends on this one. Change that condition first."),
    "field_label_missing": _l("Enter the question."),
    "too_many_fields": _l("A form can have up to %(maximum)s questions."),
    "too_many_options": _l("A question can have up to %(maximum)s options."),
    "options_missing": _l("Add at least one option."),
    "option_key_taken": _l("Two options have the same key %(key)s, or a key is empty. Give each option its own key."),
    "option_label_missing": _l("Enter a label for the option %(key)s."),
    "condition_field_unknown": _l("The condition refers to %(other)s, which is not a question of this form."),
    "condition_not_before": _l("%(key)s depends on %(other)s, so it has to come after it."),
    "condition_values_missing": _l("Choose the answers to %(other)s for which this question is shown."),
    "condition_value_unknown": _l("%(value)s is not an option of %(other)s."),
    "condition_operator_unfit": _l("Only numbers and dates can be compared as “at least” or “at most”."),
    "limits_reversed": _l("The lower limit is above the upper one."),
    "limits_unfit": _l("These limits do not fit this type of question."),
}
