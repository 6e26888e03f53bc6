"""Acts on exhibitors: importing companies, drawing floor plans, selling booths, and marking favourites."""

from expo.exhibitors.services.booths import BoothChange, RowRequest, add_row, change_booths, save_booth, set_price
from expo.exhibitors.services.drawings import DrawingImport, import_drawing
from expo.exhibitors.services.favourites import add_favourite, merge_favourites, remove_favourite
from expo.exhibitors.services.imports import (
    CompanyChange,
    CompanyImport,
    TableReading,
    import_companies,
    preview_companies,
    read_companies,
)
from expo.exhibitors.services.plans import adopt_booths, arrange_booths, save_plan, set_background
from expo.exhibitors.services.sales import free_booth, hold_booth, leave_booth, sell_booth, share_booth

__all__ = [
    "BoothChange",
    "CompanyChange",
    "CompanyImport",
    "DrawingImport",
    "RowRequest",
    "TableReading",
    "add_favourite",
    "add_row",
    "adopt_booths",
    "arrange_booths",
    "change_booths",
    "free_booth",
    "hold_booth",
    "import_companies",
    "import_drawing",
    "leave_booth",
    "merge_favourites",
    "preview_companies",
    "read_companies",
    "remove_favourite",
    "save_booth",
    "save_plan",
    "sell_booth",
    "set_background",
    "set_price",
    "share_booth",
]
