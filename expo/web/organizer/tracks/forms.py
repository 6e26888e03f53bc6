"""The form of a track."""

from flask_wtf import FlaskForm
from wtforms import FormField, HiddenField

from expo.program.queries import TrackRow
from expo.program.rules import TrackRequest
from expo.web.kit.language import lazy_pgettext
from expo.web.kit.text_fields import ShortTexts, texts_of


class TrackForm(FlaskForm):  # type: ignore[misc]
    """A track: its name."""

    version = HiddenField()
    name = FormField(ShortTexts, label=lazy_pgettext("object", "Name"))

    @classmethod
    def of(cls, track: TrackRow) -> "TrackForm":
        """Return the form filled in with a track, or with what was just submitted."""
        return cls(data={"version": track.version, "name": track.name})

    def to_request(self, languages: tuple[str, ...], before: TrackRow | None = None) -> TrackRequest:
        """Return the submitted values as a service request."""
        return TrackRequest(texts_of(self.name, languages, before.name if before else None))
