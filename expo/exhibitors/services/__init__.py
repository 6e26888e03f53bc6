"""Acts on exhibitors: importing a list of companies, and choosing topics."""

from expo.exhibitors.services.imports import (
    CompanyChange,
    CompanyImport,
    TableReading,
    import_companies,
    preview_companies,
    read_companies,
)
from expo.exhibitors.services.topics import (
    TopicImport,
    choose_company_topics,
    import_topics,
    read_topics,
    reset_topic,
    save_topic,
)

__all__ = [
    "CompanyChange",
    "CompanyImport",
    "TableReading",
    "TopicImport",
    "choose_company_topics",
    "import_companies",
    "import_topics",
    "preview_companies",
    "read_companies",
    "read_topics",
    "reset_topic",
    "save_topic",
]
