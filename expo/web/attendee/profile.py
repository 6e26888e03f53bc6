"""An attendee's profile: what they offer and seek, who may find them; its preview, export and deletion."""

import json
from dataclasses import asdict

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _, lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from expo.errors import Invalid
from expo.exhibitors.rules import MAX_TOPICS
from expo.infra.clock import utcnow
from expo.profiles.queries import ProfileRow, find_profile, get_party_profile
from expo.profiles.rules import (
    LANGUAGES,
    MAX_ABOUT_LENGTH,
    MAX_CODES,
    MAX_HEADLINE_LENGTH,
    MAX_NOTE_LENGTH,
    ProfileRequest,
    Visibility,
)
from expo.profiles.services import delete_profile, save_profile
from expo.registration.queries import AttendeeRow
from expo.web.attendee.own import own_attendee
from expo.web.kit.access import Audience, audience_blueprint, current_actor
from expo.web.kit.choices import as_choices
from expo.web.kit.downloads import file_response
from expo.web.kit.errors import message_of
from expo.web.kit.person_texts import describe_person
from expo.web.kit.profile_labels import (
    COMPANY_SIZES,
    INDUSTRIES,
    PURPOSES,
    REGIONS,
    ROLES,
    VISIBILITIES,
    language_name,
)
from expo.web.kit.questions import Question, confirm_first
from expo.web.kit.topic_choices import topic_groups

blueprint = audience_blueprint("attendee_profile", __name__, Audience.ATTENDEES, url_prefix="/me/profile")

# What is chosen by chips: the field's name, its question, and the words for its codes.
CHIPS = (
    ("purposes", _l("What brings you here?"), PURPOSES),
    ("industries", _l("Your industries"), INDUSTRIES),
    ("regions", _l("Regions you work in"), REGIONS),
)


class ProfileForm(FlaskForm):  # type: ignore[misc]
    """The texts and single choices of a profile; its chips are read beside it."""

    visibility = RadioField(_l("Who can find you?"))
    headline = StringField(
        _l("About you in one line"),
        description=_l("For example “Looking for storage partners in Southeast Asia”."),
        validators=[Length(max=MAX_HEADLINE_LENGTH)],
        render_kw={"dir": "auto", "maxlength": MAX_HEADLINE_LENGTH},
    )
    seeks_text = TextAreaField(
        _l("What else are you looking for?"),
        validators=[Length(max=MAX_NOTE_LENGTH)],
        render_kw={"dir": "auto", "rows": 2},
    )
    offers_text = TextAreaField(
        _l("What else do you offer?"), validators=[Length(max=MAX_NOTE_LENGTH)], render_kw={"dir": "auto", "rows": 2}
    )
    about = TextAreaField(
        _l("More about you"), validators=[Length(max=MAX_ABOUT_LENGTH)], render_kw={"dir": "auto", "rows": 4}
    )
    role = SelectField(_l("Your role"), validate_choice=False)
    company_size = SelectField(_l("Size of your company"), validate_choice=False)

    @classmethod
    def of(cls, profile: ProfileRequest) -> "ProfileForm":
        """Return the form with the values of a profile and the choices in the reader's language."""
        form = cls(data={**asdict(profile), "visibility": profile.visibility.value})
        form.visibility.choices = as_choices((each.value, label) for each, (label, _help) in VISIBILITIES.items())
        form.role.choices = as_choices([("", "–"), *ROLES.items()])
        form.company_size.choices = as_choices([("", "–"), *COMPANY_SIZES.items()])
        return form

    def to_request(self) -> ProfileRequest:
        """Return the submitted profile, with the chips of the request."""
        chosen = {
            name: tuple(request.form.getlist(name))
            for name in ("offers", "seeks", "purposes", "industries", "regions", "languages")
        }
        return ProfileRequest(
            visibility=Visibility(self.visibility.data),
            headline=self.headline.data or "",
            about=self.about.data or "",
            offers_text=self.offers_text.data or "",
            seeks_text=self.seeks_text.data or "",
            role=self.role.data or "",
            company_size=self.company_size.data or "",
            **chosen,
        )


@blueprint.route("", methods=["GET", "POST"], strict_slashes=False)
def edit() -> str | AnyResponse | tuple[str, int]:
    """Show and save the profile."""
    attendee = own_attendee()
    profile = get_party_profile(attendee.id)
    form, error = ProfileForm.of(profile), None
    if form.validate_on_submit():
        profile = form.to_request()
        try:
            save_profile(current_actor(), attendee.edition_id, attendee.id, profile, utcnow())
        except Invalid as refused:
            error = message_of(refused)
        else:
            flash(_("Your profile has been saved."), "success")
            return redirect(url_for("attendee_profile.preview"))
    page = render_template(
        "attendee/profile/edit.html",
        form=form,
        error=error,
        visibilities=[(each.value, label, help_text) for each, (label, help_text) in VISIBILITIES.items()],
        topics=(
            ("seeks", _("What are you looking for?"), topic_groups(profile.seeks), profile.seeks),
            ("offers", _("What do you offer?"), topic_groups(profile.offers), profile.offers),
        ),
        chips=[(name, label, list(words.items()), getattr(profile, name)) for name, label, words in CHIPS]
        + [
            (
                "languages",
                _("Languages you speak"),
                [(code, language_name(code)) for code in LANGUAGES],
                profile.languages,
            )
        ],
        maximum=MAX_TOPICS,
        maximum_chips=MAX_CODES,
        has_profile=find_profile(attendee.id) is not None,
    )
    return page, 422 if form.errors or error else 200


@blueprint.get("/preview")
def preview() -> str:
    """Show the profile as others see it."""
    attendee = own_attendee()
    profile = get_party_profile(attendee.id)
    label, help_text = VISIBILITIES[profile.visibility]
    return render_template(
        "attendee/profile/preview.html",
        person=describe_person(_as_row(attendee, profile)),
        visibility=label,
        visibility_help=help_text,
    )


@blueprint.get("/profile.json")
def export() -> Response:
    """Return everything that the profile says, as a file."""
    attendee = own_attendee()
    content = json.dumps(asdict(get_party_profile(attendee.id)), ensure_ascii=False, indent=2) + "\n"
    return file_response(content.encode(), "application/json", "profile.json")


@blueprint.route("/delete", methods=["GET", "POST"])
def delete() -> AnyResponse | tuple[str, int]:
    """Delete the profile, after confirmation."""
    attendee = own_attendee()
    question = Question(
        title=_("Delete your profile?"),
        text=_(
            "Others can no longer find you, and your recommendations start over. Your registration is not affected."
        ),
        button=_("Delete profile"),
        trail=[(_("My badge"), url_for("attendee.me")), (_("My profile"), url_for("attendee_profile.edit"))],
        is_destructive=True,
    )
    done = _("Your profile has been deleted.")
    return confirm_first(
        question,
        lambda: delete_profile(current_actor(), attendee.edition_id, attendee.id, utcnow()),
        done,
        "speaker/confirm.html",
    )


def _as_row(attendee: AttendeeRow, profile: ProfileRequest) -> ProfileRow:
    return ProfileRow(
        attendee.id,
        "",
        attendee.name,
        attendee.latin_name,
        attendee.company,
        attendee.job_title,
        attendee.country,
        profile,
        attendee.updated_at,
    )
