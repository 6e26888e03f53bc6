"""Messages of the errors of desk and kiosk; see `error_messages`."""

from flask_babel import lazy_gettext as _l

DESK_MESSAGES = {
    "print_job_missing": _l("We could not find this print job. It may belong to another expo."),
    "print_job_finished": _l("This print job is finished already. Go back to the queue."),
    "pin_weak": _l("Enter %(minimum)s to %(maximum)s digits, at least two of them different."),
    "station_invalid": _l("Enter up to %(maximum)s names with up to %(length)s characters each."),
    "id_check_short": _l("Enter at least the last %(length)s letters or digits of the document number."),
}
