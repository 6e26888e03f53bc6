"""Acts on exhibitors: imports, pages, products, documents, tasks, services and messages."""

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
from expo.exhibitors.services.documents import (
    add_document,
    remove_document,
)
from expo.exhibitors.services.imports import (
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
from expo.exhibitors.services.merges import (
    delete_company,
    merge_companies,
)
from expo.exhibitors.services.messages import (
    add_company_message,
    add_organizer_messages,
    mark_read,
)
from expo.exhibitors.services.orders import (
    create_service,
    delete_service,
    edit_service,
    order_service,
)
from expo.exhibitors.services.packages import (
    change_package,
    create_package,
    delete_package,
)
from expo.exhibitors.services.pages import (
    remove_picture,
    save_page,
    set_picture,
)
from expo.exhibitors.services.passes import (
    PassOffer,
    link_pass,
    lock_pass,
    lock_used_pass,
    release_pass,
)
from expo.exhibitors.services.products import (
    add_product,
    add_product_picture,
    delete_product,
    edit_product,
    move_product,
    purge_products,
    remove_product_picture,
    restore_product,
)
from expo.exhibitors.services.tasks import (
    create_task,
    delete_task,
    edit_task,
    note_task_reminder,
    tick_task,
)

__all__ = [
    "CompanyImport",
    "PassOffer",
    "SentApplication",
    "TableReading",
    "add_company_message",
    "add_document",
    "add_first_owner",
    "add_invitation",
    "add_organizer_messages",
    "add_product",
    "add_product_picture",
    "answer_team_invitation",
    "approve_company",
    "ask_applicant",
    "change_company",
    "change_member",
    "change_package",
    "create_company",
    "create_package",
    "create_service",
    "create_task",
    "decline_application",
    "decline_company",
    "delete_company",
    "delete_package",
    "delete_product",
    "delete_service",
    "delete_task",
    "edit_product",
    "edit_service",
    "edit_task",
    "hide_companies",
    "import_companies",
    "link_pass",
    "lock_pass",
    "lock_used_pass",
    "mark_read",
    "merge_companies",
    "move_product",
    "note_task_reminder",
    "order_service",
    "preview_companies",
    "purge_products",
    "read_companies",
    "refresh_search_texts",
    "release_pass",
    "remove_document",
    "remove_member",
    "remove_picture",
    "remove_product_picture",
    "reply_to_question",
    "restore_product",
    "save_page",
    "send_application",
    "set_picture",
    "set_window",
    "tick_task",
    "withdraw_company",
]
