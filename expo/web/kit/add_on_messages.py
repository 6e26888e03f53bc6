"""The messages of error codes about add-ons."""

from flask_babel import lazy_gettext as _l

ADD_ON_MESSAGES = {
    "add_on_sold_out": _l("An add-on is almost sold out: only %(left)s left. Choose fewer, or continue without it."),
    "add_on_missing": _l("We could not find this add-on. Choose one from the list."),
    "add_on_not_known": _l("The add-on %(add_on)s does not exist. Enter the code or name of an add-on."),
    "add_on_exists": _l("An add-on with the code %(add_on)s already exists. Choose another code."),
    "add_on_in_use": _l(
        "This add-on was booked, or a checkpoint asks for it, so it cannot be deleted. Stop selling it instead."
    ),
    "add_on_not_on_sale": _l("This add-on is not on sale yet. Continue without it."),
    "add_on_sale_ended": _l("This add-on is no longer on sale. Continue without it."),
    "add_on_not_offered": _l(
        "This add-on is not offered with this ticket. Continue without it, or choose another ticket."
    ),
    "too_many_of_add_on": _l("The limit for this add-on is %(maximum)s per person. Choose fewer."),
}
