"""Rules of exhibitors: rows about companies, their states and topics, and the roles in their teams. Pure."""

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
from expo.exhibitors.rules.topics import MAX_TOPICS, TopicChange, TopicKind, apply_changes, check_topics

__all__ = [
    "COLUMNS",
    "MAX_BOOTHS",
    "MAX_BOOTH_LENGTH",
    "MAX_DESCRIPTION_LENGTH",
    "MAX_NAME_LENGTH",
    "MAX_TOPICS",
    "MAX_WEBSITE_LENGTH",
    "ROLE_ACTS",
    "CompanyRequest",
    "ExhibitorState",
    "MemberRole",
    "MemberState",
    "TeamAct",
    "TopicChange",
    "TopicKind",
    "apply_changes",
    "check_topics",
    "fold_name",
    "join_companies",
    "read_company",
    "read_website",
]
