"""What a company had before its participation was cancelled, and what of it is still free."""

from dataclasses import dataclass
from datetime import datetime

from expo.exhibitors.queries.booths import BoothRow, read_booths
from expo.exhibitors.queries.packages import PackageRow, list_packages
from expo.exhibitors.rules import BoothState
from expo.infra.audit import list_audit_records


@dataclass(frozen=True)
class FormerParticipation:
    """The package and the booths that a company had bought; those that were deleted since are left out."""

    package: PackageRow | None
    free_booths: tuple[BoothRow, ...]
    taken_booths: tuple[BoothRow, ...]

    @property
    def booth_ids(self) -> list[int]:
        """The ids of all booths."""
        return [each.id for each in (*self.free_booths, *self.taken_booths)]


def find_former_participation(edition_id: int, exhibitor_id: int, now: datetime) -> FormerParticipation | None:
    """Return what a company had when its participation was cancelled last; None if it never was."""
    cancellation = next(
        (act for act in list_audit_records("exhibitor", exhibitor_id) if act.action == "exhibitors.withdraw"), None
    )
    if cancellation is None:
        return None
    package_id = cancellation.details.get("package_id")
    package = next((each for each in list_packages(edition_id) if each.id == package_id), None)
    booths = read_booths(edition_id, cancellation.details.get("booth_ids", []), now)
    free = [each for each in booths if _is_free_for(each, exhibitor_id)]
    return FormerParticipation(package, tuple(free), tuple(each for each in booths if each not in free))


def _is_free_for(booth: BoothRow, exhibitor_id: int) -> bool:
    if booth.state is BoothState.HELD:
        return booth.holder is None or booth.holder.id == exhibitor_id
    return booth.state is BoothState.FREE
