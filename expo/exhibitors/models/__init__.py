"""Tables of exhibitors: companies with their categories, booths, team members, floor plans and favourites."""

from expo.exhibitors.models.booths import Booth, ExhibitorBooth
from expo.exhibitors.models.companies import Category, Exhibitor, ExhibitorCategory
from expo.exhibitors.models.favourites import ExhibitorFavourite
from expo.exhibitors.models.members import Member
from expo.exhibitors.models.plans import FloorPlan

__all__ = [
    "Booth",
    "Category",
    "Exhibitor",
    "ExhibitorBooth",
    "ExhibitorCategory",
    "ExhibitorFavourite",
    "FloorPlan",
    "Member",
]
