"""The form of a call for proposals."""

from dataclasses import asdict
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import FormField, HiddenField, IntegerField, SelectField
from wtforms.validators import NumberRange, Optional

from expo.editions.queries import EditionFacts
from expo.proposals.queries import CallRow
from expo.proposals.rules import CallRequest
from expo.reports.offers import OfferedTexts
from expo.web.kit.choices import as_choices, check_boxes
from expo.web.kit.formats import language_in_words
from expo.web.kit.language import localized
from expo.web.kit.text_fields import LongTexts, ShortTexts, from_local, moment_field, texts_of, to_local
from expo.web.organizer.ticket_choices import ticket_choices

_MOMENTS = ("opens_at", "closes_at", "confirm_by", "photo_by", "slides_by")
_OFFERED = ("kinds", "tracks", "languages")


class CallForm(FlaskForm):  # type: ignore[misc]
    """A call for proposals."""

    version = HiddenField()
    title = FormField(ShortTexts, label=_l("Title"))
    introduction = FormField(LongTexts, label=_l("Introduction"))
    opens_at = moment_field(_l("Opens"), _l("In the expo’s time zone. Leave empty to open immediately."))
    closes_at = moment_field(_l("Deadline"), _l("Leave empty for no deadline."))
    max_per_person = IntegerField(
        _l("Proposals per person"),
        description=_l("Leave empty for no limit."),
        validators=[Optional(), NumberRange(1, 100)],
        render_kw={"min": 1},
    )
    kinds = check_boxes(_l("Types"), _l("Choose none to offer all of them."))
    tracks = check_boxes(_l("Tracks"), _l("Choose none to offer all of them."))
    languages = check_boxes(_l("Languages of the talks"), _l("Choose none to offer all languages of the expo."))
    confirm_by = moment_field(_l("Accepted speakers confirm by"))
    photo_by = moment_field(_l("Photos by"))
    slides_by = moment_field(_l("Slides by"))
    speaker_ticket = SelectField(
        _l("Ticket for confirmed speakers"),
        default="",
        description=_l("Speakers get it with their badge as soon as they confirm, without registering."),
    )

    @classmethod
    def of(cls, call: CallRow | None, edition: EditionFacts, offered: OfferedTexts) -> "CallForm":
        """Return the form filled in with the call, or with what was just submitted."""
        values = values_of(call, edition) if call else {}
        chosen = {name: values.get(name, []) for name in _OFFERED}
        form = cls(data=values)
        tickets = ticket_choices(edition, call.speaker_ticket if call else None)
        form.speaker_ticket.choices = as_choices([("", _("None: tickets are issued by organizers")), *tickets])
        for name, pairs in (
            ("kinds", [(code, localized(texts)) for code, texts in offered.kinds]),
            ("tracks", [(slug, localized(texts)) for slug, texts in offered.tracks]),
            ("languages", [(code, language_in_words(code)) for code in offered.languages]),
        ):
            if pairs:
                # What was offered and no longer exists can still be unchosen.
                known = {code for code, _text in pairs}
                form[name].choices = as_choices([*pairs, *((code, code) for code in chosen[name] if code not in known)])
            else:
                delattr(form, name)
        return form

    def to_request(self, edition: EditionFacts, before: CallRow | None = None) -> CallRequest:
        """Return the call as submitted."""
        moments: dict[str, Any] = {name: from_local(self[name].data, edition.zone) for name in _MOMENTS}
        chosen: dict[str, Any] = {name: tuple(self[name].data or ()) for name in _OFFERED if name in self}
        return CallRequest(
            title=texts_of(self.title, edition.languages, before.title if before else None),
            introduction=texts_of(self.introduction, edition.languages, before.introduction if before else None),
            max_per_person=self.max_per_person.data,
            speaker_ticket=self.speaker_ticket.data or "",
            **moments,
            **chosen,
        )


def values_of(call: CallRow, edition: EditionFacts) -> dict[str, Any]:
    """Return the values of a call by field."""
    values = asdict(call)
    moments = {name: to_local(values[name], edition.zone) for name in _MOMENTS}
    return {**values, **moments, **{name: list(values[name]) for name in _OFFERED}, "version": call.version}
