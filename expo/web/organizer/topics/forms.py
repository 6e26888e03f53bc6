"""The forms of topics."""

from flask_babel import gettext as _, lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileRequired
from wtforms import BooleanField, FormField, SelectField, TextAreaField

from expo.exhibitors.rules import TopicRequest
from expo.pure.topics import Topic, TopicList, name_in
from expo.web.kit.language import current_language, lazy_pgettext
from expo.web.kit.text_fields import ShortTexts, texts_of
from expo.web.kit.uploads import FileField


class TopicForm(FlaskForm):  # type: ignore[misc]
    """A topic: its names, place, keywords, and whether it can be chosen."""

    names = FormField(ShortTexts, label=lazy_pgettext("object", "Name"))
    parent = SelectField(_l("Under"), validate_choice=False)
    keywords = TextAreaField(
        _l("Keywords"),
        description=_l("One per line. Companies and sessions whose texts contain one are tagged with the topic."),
        render_kw={"rows": 4, "dir": "auto"},
    )
    is_hidden = BooleanField(
        _l("Hide this topic"), description=_l("It can no longer be chosen. Those who chose it before keep it.")
    )

    @classmethod
    def of(cls, topics: TopicList, topic: Topic | None) -> "TopicForm":
        """Return the form filled in with a topic, or with what was just submitted."""
        data = (
            {
                "names": dict(topic.names),
                "parent": topic.parent or topic.group,
                "keywords": "\n".join(topic.keywords),
                "is_hidden": topic.is_hidden,
            }
            if topic
            else {}
        )
        form = cls(data=data)
        language = current_language().tag
        form.parent.choices = {
            str(_("Groups")): [(group.code, name_in(group.names, language)) for group in topics.groups],
            str(_("Topics")): [
                (each.code, name_in(each.names, language))
                for each in topics.topics
                if not each.parent and (topic is None or each.code != topic.code)
            ],
        }
        return form

    def to_request(self, languages: tuple[str, ...], topic: Topic | None) -> TopicRequest:
        """Return the submitted topic as a service request."""
        return TopicRequest(
            parent=self.parent.data or "",
            names=texts_of(self.names, languages, dict(topic.names) if topic else None),
            keywords=tuple((self.keywords.data or "").splitlines()),
            is_hidden=self.is_hidden.data,
            code=topic.code if topic else "",
        )


class TopicFileForm(FlaskForm):  # type: ignore[misc]
    """The uploaded list of topics."""

    file = FileField(
        _l("File"),
        description=_l("CSV or Excel with the columns of the export. Topics are recognized by their code."),
        validators=[FileRequired(_l("Choose a file."))],
        render_kw={"accept": ".csv,.tsv,.txt,.xlsx,.xls,.ods,.json"},
    )
