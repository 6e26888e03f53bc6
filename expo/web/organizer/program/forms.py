"""The upload form for a programme."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileRequired

from expo.web.kit.uploads import FileField


class ScheduleFileForm(FlaskForm):  # type: ignore[misc]
    """The uploaded schedule."""

    file = FileField(
        _l("File"),
        description=_l(
            "frab XML or JSON (as exported by pretalx and pentabarf), JSON from pretalx, Sessionize or OPass, CSV or "
            "Excel."
        ),
        validators=[FileRequired(_l("Choose a file."))],
        render_kw={"accept": ".xml,.json,.csv,.tsv,.txt,.xlsx,.xls,.ods"},
    )
