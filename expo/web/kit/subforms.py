"""The base of subforms."""

from typing import Any

from flask_wtf.i18n import translations
from wtforms import Form
from wtforms.meta import DefaultMeta


class PartOfForm(Form):
    """A form within a form: without a CSRF token of its own, and with messages in the page's language."""

    class Meta(DefaultMeta):
        """The settings that the surrounding Flask-WTF forms have."""

        def get_translations(self, form: Any) -> Any:  # noqa: ARG002 - WTForms passes it
            """Return WTForms' messages in the language of the request."""
            return translations
