"""Acts on exhibitors: companies, their packages and teams, and importing a list."""

from expo.exhibitors.services.applications import (
    SentApplication,
    ask_applicant,
    decline_application,
    reply_to_question,
    send_application,
    set_window,
)
from expo.exhibitors.services.booths import (
    BoothChange,
    RowRequest,
    add_row,
    change_booths,
    save_booth,
    set_price,
)
from expo.exhibitors.services.companies import (
    BoothsAgain,
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
from expo.exhibitors.services.drawings import (
    DrawingImport,
    import_drawing,
)
from expo.exhibitors.services.favourites import (
    add_favourite,
    merge_favourites,
    remove_favourite,
)
from expo.exhibitors.services.files import (
    add_application_file,
    purge_application_files,
)
from expo.exhibitors.services.imports import (
    import_companies,
    preview_companies,
)
from expo.exhibitors.services.licences import (
    assign_licence,
    release_licence,
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
from expo.exhibitors.services.page_views import (
    count_page_view,
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
from expo.exhibitors.services.plans import (
    adopt_booths,
    arrange_booths,
    save_outline,
    save_plan,
    set_background,
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
from expo.exhibitors.services.sales import (
    free_booth,
    hold_booth,
    leave_booth,
    sell_booth,
    share_booth,
)
from expo.exhibitors.services.tasks import (
    create_task,
    delete_task,
    edit_task,
    record_task_reminder,
    tick_task,
)
from expo.exhibitors.services.topics import (
    choose_company_topics,
    import_topics,
    reset_topic,
    save_topic,
)

__all__ = [
    "BoothChange",
    "BoothsAgain",
    "DrawingImport",
    "PassOffer",
    "RowRequest",
    "SentApplication",
    "add_application_file",
    "add_company_message",
    "add_document",
    "add_favourite",
    "add_first_owner",
    "add_invitation",
    "add_organizer_messages",
    "add_product",
    "add_product_picture",
    "add_row",
    "adopt_booths",
    "answer_team_invitation",
    "approve_company",
    "arrange_booths",
    "ask_applicant",
    "assign_licence",
    "change_booths",
    "change_company",
    "change_member",
    "change_package",
    "choose_company_topics",
    "count_page_view",
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
    "free_booth",
    "hide_companies",
    "hold_booth",
    "import_companies",
    "import_drawing",
    "import_topics",
    "leave_booth",
    "link_pass",
    "lock_pass",
    "lock_used_pass",
    "mark_read",
    "merge_companies",
    "merge_favourites",
    "move_product",
    "order_service",
    "preview_companies",
    "purge_application_files",
    "purge_products",
    "record_task_reminder",
    "refresh_search_texts",
    "release_licence",
    "release_pass",
    "remove_document",
    "remove_favourite",
    "remove_member",
    "remove_picture",
    "remove_product_picture",
    "reply_to_question",
    "reset_topic",
    "restore_product",
    "save_booth",
    "save_outline",
    "save_page",
    "save_plan",
    "save_topic",
    "sell_booth",
    "send_application",
    "set_background",
    "set_picture",
    "set_price",
    "set_window",
    "share_booth",
    "tick_task",
    "withdraw_company",
]
