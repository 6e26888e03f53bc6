"""Acts on exhibitors: companies, their packages and teams, and importing a list."""

from expo.exhibitors.services.applications import (
    SentApplication,
    ask_applicant,
    decline_application,
    reply_to_question,
    send_application,
    set_window,
)
from expo.exhibitors.services.companies import (
    approve_company,
    change_company,
    create_company,
    decline_company,
    hide_companies,
    refresh_search_texts,
    withdraw_company,
)
from expo.exhibitors.services.imports import (
    CompanyChange,
    CompanyImport,
    TableReading,
    import_companies,
    preview_companies,
    read_companies,
)
from expo.exhibitors.services.members import (
    add_first_owner,
    add_invitation,
    answer_team_invitation,
    change_member,
    remove_member,
)
from expo.exhibitors.services.merges import delete_company, merge_companies
from expo.exhibitors.services.packages import change_package, create_package, delete_package
from expo.exhibitors.services.passes import PassOffer, link_pass, lock_pass, lock_used_pass, release_pass

__all__ = [
    "CompanyChange",
    "CompanyImport",
    "PassOffer",
    "SentApplication",
    "TableReading",
    "add_first_owner",
    "add_invitation",
    "answer_team_invitation",
    "approve_company",
    "ask_applicant",
    "change_company",
    "change_member",
    "change_package",
    "create_company",
    "create_package",
    "decline_application",
    "decline_company",
    "delete_company",
    "delete_package",
    "hide_companies",
    "import_companies",
    "link_pass",
    "lock_pass",
    "lock_used_pass",
    "merge_companies",
    "preview_companies",
    "read_companies",
    "refresh_search_texts",
    "release_pass",
    "remove_member",
    "reply_to_question",
    "send_application",
    "set_window",
    "withdraw_company",
]
