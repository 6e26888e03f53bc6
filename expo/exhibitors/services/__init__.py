"""Acts on exhibitors: imports, pages, products, documents, tasks, services and messages."""

from expo.exhibitors.services.documents import add_document, remove_document
from expo.exhibitors.services.imports import (
    CompanyImport,
    TableReading,
    import_companies,
    preview_companies,
    read_companies,
)
from expo.exhibitors.services.messages import add_company_message, add_organizer_messages, mark_read
from expo.exhibitors.services.orders import create_service, delete_service, edit_service, order_service
from expo.exhibitors.services.pages import remove_picture, save_page, set_picture
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
from expo.exhibitors.services.tasks import create_task, delete_task, edit_task, note_task_reminder, tick_task

__all__ = [
    "CompanyImport",
    "TableReading",
    "add_company_message",
    "add_document",
    "add_organizer_messages",
    "add_product",
    "add_product_picture",
    "create_service",
    "create_task",
    "delete_product",
    "delete_service",
    "delete_task",
    "edit_product",
    "edit_service",
    "edit_task",
    "import_companies",
    "mark_read",
    "move_product",
    "note_task_reminder",
    "order_service",
    "preview_companies",
    "purge_products",
    "read_companies",
    "remove_document",
    "remove_picture",
    "remove_product_picture",
    "restore_product",
    "save_page",
    "set_picture",
    "tick_task",
]
