"""Tables of exhibitors: companies with their categories, topics, booths, and team members."""

from expo.exhibitors.models.booths import Booth, ExhibitorBooth
from expo.exhibitors.models.companies import Category, Exhibitor, ExhibitorCategory
from expo.exhibitors.models.members import Member
from expo.exhibitors.models.topics import EditionTopic, ExhibitorTopic

__all__ = [
    "Booth",
    "Category",
    "EditionTopic",
    "Exhibitor",
    "ExhibitorBooth",
    "ExhibitorCategory",
    "ExhibitorTopic",
    "Member",
]
