"""Errors of exhibitors.

Codes: `exhibitor_missing`, `exhibitor_exists`, `exhibitor_state`, `exhibitor_in_use`, `exhibitor_has_contacts`,
`exhibitor_merged_with_itself`, `package_missing`, `package_sold_out`, `package_in_use`, `package_below_taken`,
`member_missing`, `member_invited`, `member_state`, `members_too_many`, `last_owner`, `passes_used_up`,
`pass_not_possible`, `member_has_pass`, `member_without_pass`, `member_without_account`, `applications_closed`,
`application_missing`, `rows_refused`, `plan_missing`, `plan_changed`, `booth_missing`, `booth_changed`, `booth_taken`,
`booth_exists`, `booth_occupied`, `pass_ticket_missing`, `pass_in_use`, `applications_too_many`, `exhibitor_has_passes`,
`lead_licences_used`, and the codes of the rules.
"""

from expo.errors import Conflict, Missing


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


class PlanMissing(Missing):
    """This edition has no such hall."""

    def __init__(self) -> None:
        super().__init__("plan_missing")


class BoothMissing(Missing):
    """This edition has no such booth."""

    def __init__(self) -> None:
        super().__init__("booth_missing")


class BoothChanged(Conflict):
    """Somebody else has since changed or deleted the booth: what they did, and their name if it is known."""

    def __init__(self, code: str, kind: str = "other", name: str = "") -> None:
        super().__init__("booth_changed", booth=code, kind=kind, name=name)


class BoothTaken(Conflict):
    """The booth is sold, or held for another company."""

    def __init__(self, code: str) -> None:
        super().__init__("booth_taken", booth=code)
