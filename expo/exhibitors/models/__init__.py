"""Tables of exhibitors: companies with their categories, packages, applications, booths, and team members."""

from expo.exhibitors.models.applications import Application, ApplicationWindow
from expo.exhibitors.models.booths import Booth, ExhibitorBooth
from expo.exhibitors.models.companies import Category, Exhibitor, ExhibitorCategory
from expo.exhibitors.models.members import Member
from expo.exhibitors.models.packages import Package

__all__ = [
    "Application",
    "ApplicationWindow",
    "Booth",
    "Category",
    "Exhibitor",
    "ExhibitorBooth",
    "ExhibitorCategory",
    "Member",
    "Package",
]
