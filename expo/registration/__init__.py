"""Registration: orders, their lines and attendees.

An order has one or more attendees, each with a ticket. It holds their places while its e-mail address is unconfirmed,
and releases them when confirmation takes too long.

NOUNS lists the file names allowed in this domain's packages.
"""

NOUNS = (
    "orders",
    "lines",
    "totals",
    "attendees",
    "add_ons",
    "confirmations",
    "approvals",
    "cancellations",
    "expirations",
    "payments",
    "id_checks",
    "places",
    "badge_texts",
    "duplicates",
    "history",
    "search",
    "filters",
    "sorting",
    "words",
)
