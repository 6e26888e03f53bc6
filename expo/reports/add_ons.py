"""How well each add-on sells."""

from dataclasses import dataclass
from datetime import datetime

from expo.accounts.rules import Actor, Permission, require
from expo.infra.cache import get_recent
from expo.registration.queries import count_sold_add_ons
from expo.reports.dashboard import FIGURES_SECONDS
from expo.tickets.queries import list_add_ons


@dataclass(frozen=True)
class AddOnFill:
    """How many units of an add-on are booked, and of how many; a `size` of None means unlimited.

    If it shares quotas with tickets, the size shrinks as they are sold.
    """

    code: str
    name: dict[str, str]
    sold: int
    size: int | None


def list_add_on_fills(actor: Actor, edition_id: int, now: datetime) -> list[AddOnFill]:
    """Return how many units of each add-on are booked, in their order; cached like other figures of the overview."""
    require(actor, Permission.REPORTS_READ, edition_id)
    recent, key = get_recent(), ("add_on_fills", edition_id)
    fills: list[AddOnFill] | None = recent.get(key)
    if fills is None:
        add_ons = list_add_ons(edition_id, now)
        sold = count_sold_add_ons(edition_id) if add_ons else {}
        fills = [
            AddOnFill(
                each.code,
                each.name,
                sold.get(each.code, 0),
                None if each.places_left is None else sold.get(each.code, 0) + each.places_left,
            )
            for each in add_ons
        ]
        recent.set(key, fills, FIGURES_SECONDS)
    return fills
