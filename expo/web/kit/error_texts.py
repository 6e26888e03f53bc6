"""The sentence for every error code: what happened, and what to do next. A test holds the codes against the code."""

from flask_babel import lazy_gettext as _l

SENTENCES = {
    "permission_missing": _l("You may not do this with the account you are signed in with."),
    "sign_in_failed": _l("The address or the password is not right. Try again, or ask for a sign-in link by e-mail."),
    "link_used": _l("This sign-in link was used already. Ask for a new one."),
    "link_expired": _l("This link is too old. Ask for a new one."),
    "link_broken": _l("This link is not complete. Open it from the letter again, or copy the whole of it."),
    "email_invalid": _l("This does not look like an e-mail address. Check it for typing errors."),
    "password_weak": _l("Choose a longer password: at least %(minimum)s characters, not one repeated."),
    "too_many_requests": _l("Too many attempts. Wait %(retry_after)s seconds and try again."),
    "edition_missing": _l("There is no such expo here, or none is open yet."),
    "edition_exists": _l("There is already an expo with the short name %(slug)s. Choose another."),
    "dates_reversed": _l("The last day lies before the first."),
    "time_zone_unknown": _l("%(time_zone)s is not a time zone. Choose one such as Asia/Shanghai."),
    "permissions_empty": _l("Choose at least one permission."),
    "api_token_missing": _l("There is no such API token."),
}
