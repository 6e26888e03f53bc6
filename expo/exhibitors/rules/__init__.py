"""Rules of exhibitors: rows about companies, their states, and the roles in their teams. Pure."""

from expo.exhibitors.rules.companies import (
    COLUMNS,
    MAX_BOOTH_LENGTH,
    MAX_BOOTHS,
    MAX_DESCRIPTION_LENGTH,
    MAX_NAME_LENGTH,
    MAX_WEBSITE_LENGTH,
    CompanyRequest,
    ExhibitorState,
    fold_name,
    join_companies,
    read_company,
    read_website,
)
from expo.exhibitors.rules.members import ROLE_ACTS, MemberRole, MemberState, TeamAct

__all__ = [
    "COLUMNS",
    "MAX_BOOTHS",
    "MAX_BOOTH_LENGTH",
    "MAX_DESCRIPTION_LENGTH",
    "MAX_NAME_LENGTH",
    "MAX_WEBSITE_LENGTH",
    "ROLE_ACTS",
    "CompanyRequest",
    "ExhibitorState",
    "MemberRole",
    "MemberState",
    "TeamAct",
    "fold_name",
    "join_companies",
    "read_company",
    "read_website",
]
