"""The form of a session."""

from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    FormField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, NumberRange, Optional

from expo.program.queries import DraftPage
from expo.program.rules import SessionRequest, SpeakerPart, SpeakerRole
from expo.web.forms.program_texts import ArticleTexts, TitleTexts
from expo.web.forms.row_fields import LinksField, SpeakersField
from expo.web.kit.choices import as_choices, check_boxes
from expo.web.kit.formats import equipment_in_words
from expo.web.kit.text_fields import split_words, texts_of
from expo.web.organizer.sessions.choices import SessionChoices

MAX_NUMBER = 1_000_000
MAX_URL = 500


class SessionForm(FlaskForm):  # type: ignore[misc]
    """A session, except for its time and room."""

    version = HiddenField()
    title = FormField(TitleTexts, label=_l("Title"))
    subtitle = FormField(TitleTexts, label=_l("Subtitle"))
    speakers = SpeakersField(_l("Speakers and moderators"), has_order=True)
    abstract = FormField(ArticleTexts, label=_l("Abstract"))
    description = FormField(ArticleTexts, label=_l("Description"))
    kind = SelectField(_l("Type"))
    track = SelectField(_l("Track"))
    level = SelectField(_l("Level"))
    language = SelectField(_l("Language"))
    interpretation = check_boxes(_l("Interpretation into"))
    tags = StringField(
        _l("Tags"),
        description=_l("Separate them with commas."),
        validators=[Length(max=2000)],
        render_kw={"dir": "auto"},
    )
    attachments = LinksField(_l("Slides and other materials"))
    links = LinksField(_l("Links"))
    stream_url = StringField(
        _l("Stream"),
        description=_l("The https:// address where the session can be watched live."),
        validators=[Length(max=MAX_URL)],
        render_kw={"dir": "ltr", "inputmode": "url"},
    )
    recording_url = StringField(
        _l("Recording"),
        description=_l("The https:// address of the recording."),
        validators=[Length(max=MAX_URL)],
        render_kw={"dir": "ltr", "inputmode": "url"},
    )
    is_recording_refused = BooleanField(_l("The speakers do not consent to a recording"))
    seat_limit = IntegerField(
        _l("Seats that attendees can reserve"),
        description=_l("Leave empty if anyone may come without a reservation."),
        validators=[Optional(), NumberRange(1, MAX_NUMBER)],
        render_kw={"inputmode": "numeric", "min": 1},
    )
    expected_audience = IntegerField(
        _l("Expected audience"),
        description=_l("Compared with the capacity of the room in the timetable."),
        validators=[Optional(), NumberRange(1, MAX_NUMBER)],
        render_kw={"inputmode": "numeric", "min": 1},
    )
    needs = check_boxes(_l("Equipment needed"))
    takes_all_rooms = BooleanField(_l("For everyone: nothing else takes place at the same time"))
    notes = TextAreaField(
        _l("Internal notes"),
        description=_l("Only the team can see them."),
        validators=[Length(max=30_000)],
        render_kw={"dir": "auto", "rows": 4},
    )

    @classmethod
    def of(cls, page: DraftPage | None, choices: SessionChoices) -> "SessionForm":
        """Return the form filled in with a session, or with what was just submitted."""
        form = cls(data=values_of(page, choices) if page else {})
        form.speakers.offer(choices.speakers)
        form.kind.choices = as_choices(choices.types)
        form.track.choices = as_choices(choices.tracks)
        form.level.choices = as_choices(choices.levels)
        form.language.choices = as_choices([("", _("Not specified")), *choices.languages])
        chosen = page.row.interpretation if page else ()
        known = dict(choices.languages)
        form.interpretation.choices = as_choices(
            [*choices.languages, *((each, each) for each in chosen if each not in known)]
        )
        needs = dict.fromkeys([*choices.equipment, *(page.needs if page else ())])
        form.needs.choices = as_choices((each, equipment_in_words(each)) for each in needs)
        return form

    def to_request(self, languages: tuple[str, ...], before: DraftPage | None = None) -> SessionRequest:
        """Return the submitted values as a service request."""
        row = before.row if before else None
        return SessionRequest(
            title=texts_of(self.title, languages, row.title if row else None),
            subtitle=texts_of(self.subtitle, languages, row.subtitle if row else None),
            abstract=texts_of(self.abstract, languages, before.abstract if before else None),
            description=texts_of(self.description, languages, before.description if before else None),
            kind=self.kind.data or "",
            track=self.track.data or None,
            tags=split_words(self.tags.data),
            language=self.language.data or "",
            interpretation=tuple(self.interpretation.data or ()),
            level=self.level.data or "",
            speakers=self.speakers.to_parts(),
            links=self.links.to_links(),
            attachments=self.attachments.to_links(),
            stream_url=self.stream_url.data or "",
            recording_url=self.recording_url.data or "",
            seat_limit=self.seat_limit.data,
            expected_audience=self.expected_audience.data,
            needs=tuple(self.needs.data or ()),
            takes_all_rooms=bool(self.takes_all_rooms.data),
            is_recording_refused=bool(self.is_recording_refused.data),
            notes=self.notes.data or "",
        )


def values_of(page: DraftPage, choices: SessionChoices) -> dict[str, Any]:
    """Return the values of a session by field."""
    row = page.row
    parts = [SpeakerPart(each.slug, SpeakerRole(each.role)) for each in row.speakers]
    return {
        "version": page.version,
        "title": row.title,
        "subtitle": row.subtitle,
        "speakers": SpeakersField.of(parts, {slug: label for label, slug in choices.speakers.items()}),
        "abstract": page.abstract,
        "description": page.description,
        "kind": row.kind,
        "track": row.track.slug if row.track else "",
        "level": row.level,
        "language": row.language,
        "interpretation": list(row.interpretation),
        "tags": ", ".join(row.tags),
        "attachments": LinksField.of(row.attachments),
        "links": LinksField.of(row.links),
        "stream_url": row.stream_url,
        "recording_url": row.recording_url,
        "is_recording_refused": row.is_recording_refused,
        "seat_limit": page.seat_limit,
        "expected_audience": page.expected_audience,
        "needs": list(page.needs),
        "takes_all_rooms": page.takes_all_rooms,
        "notes": page.notes,
    }
