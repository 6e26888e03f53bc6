"""Acts on exhibitors: importing a list of companies."""

from expo.exhibitors.services.imports import (
    CompanyChange,
    CompanyImport,
    TableReading,
    import_companies,
    preview_companies,
    read_companies,
)

__all__ = [
    "CompanyChange",
    "CompanyImport",
    "TableReading",
    "import_companies",
    "preview_companies",
    "read_companies",
]
