"""Acts on exhibitors: importing a list of companies, and choosing topics."""

from expo.exhibitors.services.imports import (
    CompanyChange,
    CompanyImport,
    TableReading,
    import_companies,
    preview_companies,
    read_companies,
)
from expo.exhibitors.services.topics import choose_company_topics

__all__ = [
    "CompanyChange",
    "CompanyImport",
    "TableReading",
    "choose_company_topics",
    "import_companies",
    "preview_companies",
    "read_companies",
]
