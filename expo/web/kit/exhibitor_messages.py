"""The messages of the error codes of exhibitors."""

from flask_babel import lazy_gettext as _l

EXHIBITOR_MESSAGES = {
    "exhibitor_missing": _l("We could not find this exhibitor. It may have been removed from the expo."),
    "exhibitor_exists": _l("There is already a company called %(name)s. Open that one, or use another name."),
    "application_missing": _l("We could not find this application. The company may have been removed."),
    "applications_closed": _l("Companies cannot apply at the moment. Please write to the organizers."),
    "applications_too_many": _l(
        "You can have up to %(maximum)s open applications. Wait for a decision on one of them first."
    ),
    "country_missing": _l("Choose a country or region."),
    "exhibitor_state": _l("This is not possible in the company’s current status. Reload the page to see it."),
    "exhibitor_in_use": _l("This company has other records (%(count)s). Confirm that they will be deleted too."),
    "exhibitor_has_contacts": _l(
        "This company has leads or meetings with visitors, so it cannot be deleted. Cancel its participation instead."
    ),
    "exhibitor_has_passes": _l("The team has badges, so the company cannot be deleted. Cancel its passes first."),
    "exhibitor_merged_with_itself": _l("Choose another company."),
    "too_many_selected": _l("Select up to %(maximum)s companies."),
    "package_missing": _l("We could not find this package. It may have been deleted. Choose another one."),
    "package_sold_out": _l(
        "This package is no longer available. Choose another one, or increase how many companies can have it."
    ),
    "package_in_use": _l("Companies have or have asked for this package (%(count)s), so it cannot be deleted."),
    "package_below_taken": _l("%(taken)s companies already have this package. Enter at least this number."),
    "member_missing": _l("We could not find this team member. The invitation may have been revoked."),
    "member_invited": _l("This person is already on the team or has been invited."),
    "member_state": _l("This invitation has already been answered."),
    "members_too_many": _l("A team can have up to %(maximum)s members. Remove somebody first."),
    "passes_used_up": _l("All passes of the company are used. Cancel one first, or ask the organizers for more."),
    "pass_ticket_missing": _l("Passes cannot be issued yet. Please ask the organizers."),
    "pass_in_use": _l("This badge has already been scanned at the expo, so the pass cannot be cancelled."),
    "member_has_pass": _l("This person already has a pass."),
    "member_without_pass": _l("This person has no pass."),
    "member_without_account": _l("This person has to accept the invitation first."),
    "last_owner": _l("A team needs at least one owner. Make somebody else an owner first."),
}
