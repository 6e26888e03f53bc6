"""Errors of exhibitors.

Codes: `exhibitor_missing`, `exhibitor_exists`, `exhibitor_state`, `exhibitor_in_use`, `exhibitor_has_contacts`,
`exhibitor_has_passes`, `exhibitor_merged_with_itself`, `package_missing`, `package_sold_out`, `package_in_use`,
`package_below_taken`, `member_missing`, `member_invited`, `member_state`, `members_too_many`, `last_owner`,
`passes_used_up`, `pass_ticket_missing`, `pass_in_use`, `member_has_pass`, `member_without_pass`,
`member_without_account`, `applications_closed`, `applications_too_many`, `application_missing`,
`rows_refused`, and the codes of the rules.
"""

from expo.errors import Missing


class ExhibitorMissing(Missing):
    """This edition has no such exhibitor."""

    def __init__(self) -> None:
        super().__init__("exhibitor_missing")


class PackageMissing(Missing):
    """This edition has no such package."""

    def __init__(self) -> None:
        super().__init__("package_missing")


class MemberMissing(Missing):
    """This team has no such member, or the invitation was revoked."""

    def __init__(self) -> None:
        super().__init__("member_missing")


class ApplicationMissing(Missing):
    """There is no such application."""

    def __init__(self) -> None:
        super().__init__("application_missing")
