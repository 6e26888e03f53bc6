"""What forms of every page share."""

from typing import Any

from flask_wtf.i18n import translations
from wtforms import Form
from wtforms.meta import DefaultMeta


class PartOfForm(Form):
    """A form within a form. It has no CSRF token of its own, and says what is wrong in the language of the page."""

    class Meta(DefaultMeta):
        """As the forms around it have it, which come from Flask-WTF."""

        def get_translations(self, form: Any) -> Any:  # noqa: ARG002 - WTForms passes it
            """Return the texts of WTForms in the language of the request."""
            return translations
