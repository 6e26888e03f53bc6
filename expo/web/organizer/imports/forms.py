"""The upload form for attendee lists."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired


class FileForm(FlaskForm):  # type: ignore[misc]
    """The uploaded list of attendees."""

    file = FileField(
        _l("File"),
        description=_l(
            "CSV, Excel or JSON, up to 16 MB. Exports from Eventbrite, Tito, Attendize, Indico and pretix are "
            "recognized."
        ),
        validators=[FileRequired(_l("Choose a file."))],
        render_kw={"accept": ".csv,.tsv,.txt,.xlsx,.xls,.ods,.json", "required": True},
    )
