"""Tables of exhibitors: companies with their categories, booths, and team members."""

from expo.exhibitors.models.booths import Booth, ExhibitorBooth
from expo.exhibitors.models.companies import Category, Exhibitor, ExhibitorCategory
from expo.exhibitors.models.members import Member

__all__ = ["Booth", "Category", "Exhibitor", "ExhibitorBooth", "ExhibitorCategory", "Member"]
