"""Forms of speakers: their details with photo, and merging two of them."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, FormField, HiddenField, StringField, ValidationError
from wtforms.validators import DataRequired, Length

from expo.editions.queries import EditionFacts
from expo.program.queries import SpeakerPage
from expo.program.rules import SpeakerRequest
from expo.web.forms.program_texts import ArticleTexts
from expo.web.forms.row_fields import LinksField, PeriodsField
from expo.web.kit.text_fields import ShortTexts, texts_of
from expo.web.kit.uploads import FileField, read_form_file


class SpeakerForm(FlaskForm):  # type: ignore[misc]
    """A speaker."""

    version = HiddenField()
    name = FormField(ShortTexts, label=_l("Name"))
    biography = FormField(ArticleTexts, label=_l("Biography"))
    photo = FileField(
        _l("Photo"),
        description=_l("JPEG, PNG or WebP with up to 40 megapixels. It is cropped to a square."),
        render_kw={"accept": "image/jpeg,image/png,image/webp"},
    )
    removes_photo = BooleanField(_l("Remove the photo"))
    links = LinksField(_l("Links"))
    email = EmailField(
        _l("E-mail address"),
        description=_l("Never shown in public. For e-mails, signing in and a ticket, if they have no account."),
        validators=[Length(max=320)],
        render_kw={"autocomplete": "off", "dir": "ltr", "maxlength": 320},
    )
    unavailable = PeriodsField(_l("Not available"))

    @classmethod
    def of(cls, speaker: SpeakerPage | None, edition: EditionFacts) -> "SpeakerForm":
        """Return the form filled in with a speaker, or with what was just submitted."""
        form = cls(data=values_of(speaker, edition) if speaker else {})
        if speaker is None or speaker.photo_key is None:
            del form.removes_photo
        return form

    @classmethod
    def of_copy(cls, speaker: SpeakerPage, edition: EditionFacts) -> "SpeakerForm":
        """Return the form of a new speaker, with the values of a copy but no photo."""
        form = cls(data=values_of(speaker, edition))
        del form.removes_photo
        return form

    def to_request(self, edition: EditionFacts, before: SpeakerPage | None = None) -> SpeakerRequest:
        """Return the submitted values as a service request."""
        return SpeakerRequest(
            name=texts_of(self.name, edition.languages, before.name if before else None),
            biography=texts_of(self.biography, edition.languages, before.biography if before else None),
            links=self.links.to_links(),
            unavailable=self.unavailable.to_periods(edition.zone),
            email=self.email.data or "",
        )

    def read_photo(self) -> bytes | None:
        """Return the uploaded bytes, or None if no file was chosen."""
        return read_form_file(self.photo.data) if self.photo.data else None

    def wants_no_photo(self) -> bool:
        """Return whether the present photo is to be removed."""
        return "removes_photo" in self and bool(self.removes_photo.data)


def values_of(speaker: SpeakerPage, edition: EditionFacts) -> dict[str, Any]:
    """Return the values of a speaker by field."""
    return {
        "version": speaker.version,
        "name": speaker.name,
        "biography": speaker.biography,
        "links": LinksField.of(speaker.links),
        "unavailable": PeriodsField.of(speaker.unavailable, edition.zone),
        "email": speaker.email,
    }


class MergeForm(FlaskForm):  # type: ignore[misc]
    """Another entry of the same person."""

    other = StringField(
        _l("The other entry of the same person"),
        description=_l("Start typing the name and choose it from the list."),
        validators=[DataRequired(_l("Choose a speaker."))],
        render_kw={"list": "other-names", "autocomplete": "off", "dir": "auto"},
    )
    names: Mapping[str, str] = {}

    def offer(self, names: Mapping[str, str]) -> None:
        """Set the speakers to choose from: their slugs by name."""
        self.names = names

    def validate_other(self, field: StringField) -> None:
        """Check that the name is one of the list."""
        if (field.data or "").strip() not in self.names:
            raise ValidationError(_("Choose a speaker from the list."))
