"""The messages of error codes about exhibitors' pages, products, documents, tasks, services and messages."""

from flask_babel import lazy_gettext as _l

COMPANY_PAGE_MESSAGES = {
    "link_invalid": _l("%(link)s is not a web address. Enter it as https://www.example.com."),
    "video_host_unknown": _l(
        "Videos on %(host)s cannot be linked. Use a link to YouTube, Vimeo, Bilibili, Youku, Tencent Video or a "
        "similar site."
    ),
    "category_unknown": _l("This category is not available. Choose one from the list."),
    "product_name_empty": _l("Enter a name for the product in at least one language."),
    "product_missing": _l("We could not find this product. It may have been deleted."),
    "products_too_many": _l("A company can have up to %(maximum)s products. Delete one first."),
    "pictures_too_many": _l("A product can have up to %(maximum)s pictures. Delete one first."),
    "pdf_unknown": _l("%(name)s is not a PDF file. Export your document as PDF and upload it again."),
    "documents_too_many": _l("A company can have up to %(maximum)s documents. Delete one first."),
    "task_name_empty": _l("Enter a name for the task in at least one language."),
    "task_missing": _l("We could not find this task. It may have been deleted."),
    "task_not_tickable": _l("This task is completed on your company page, so it cannot be ticked."),
    "tasks_too_many": _l("There can be up to %(maximum)s tasks. Delete one first."),
    "service_name_empty": _l("Enter a name for the service in at least one language."),
    "service_missing": _l("We could not find this service. It may have been deleted."),
    "service_closed": _l("The last day to order or change this service has passed. Write to the organizers instead."),
    "service_sold_out": _l("This service is almost sold out: only %(left)s left. Reduce the quantity."),
    "service_ordered": _l(
        "Companies have ordered this service, so it cannot be deleted. Set its last day to order to a past day instead."
    ),
    "services_too_many": _l("There can be up to %(maximum)s services. Delete one first."),
    "stock_below_orders": _l("%(ordered)s have been ordered already. Enter at least this number."),
    "amount_out_of_range": _l("Enter a whole number from %(minimum)s to %(maximum)s."),
    "price_out_of_range": _l("Enter a price of 0 or more."),
}
