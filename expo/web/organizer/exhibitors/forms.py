"""The upload form for exhibitors."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired


class FileForm(FlaskForm):  # type: ignore[misc]
    """The uploaded list of companies."""

    file = FileField(
        _l("File"),
        description=_l(
            "CSV, Excel or JSON with a column of company names. Booths, categories, country, website and "
            "description are optional."
        ),
        validators=[FileRequired(_l("Choose a file."))],
        render_kw={"accept": ".csv,.tsv,.txt,.xlsx,.xls,.ods,.json"},
    )
