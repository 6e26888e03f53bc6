"""Registration: orders, their lines and attendees: who comes, and what they pay.

An order holds 1..n attendees, each with a ticket. It holds their places while its e-mail address is unconfirmed, and
gives them back when that takes too long.

NOUNS names the files that a room of this domain may be divided into.
"""

NOUNS = (
    "orders",
    "lines",
    "totals",
    "attendees",
    "confirmations",
    "approvals",
    "cancellations",
    "expirations",
    "payments",
    "places",
    "badge_texts",
    "duplicates",
    "history",
    "search",
    "filters",
    "sorting",
    "words",
)
