"""A speaker's own profile, kept across editions: texts, photo, availability, needs; its export and deletion."""

import json
from dataclasses import asdict
from datetime import date
from itertools import zip_longest

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _, lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import FormField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from expo.accounts.queries import find_person
from expo.editions.queries import EditionFacts
from expo.errors import Conflict, Invalid, Missing
from expo.flows.speaker_profiles import remove_photo, save_profile, set_photo
from expo.infra.clock import utcnow
from expo.infra.files import get_file
from expo.infra.photos import MAX_BYTES, crop_photo
from expo.proposals.queries import find_profile, list_all_own_proposals
from expo.proposals.rules import Absence, ProfileRequest
from expo.proposals.services import delete_profile
from expo.questions.queries import get_answers
from expo.web.kit.access import Audience, audience_blueprint, current_actor, current_edition, current_person_id
from expo.web.kit.choices import as_choices
from expo.web.kit.countries import countries_in
from expo.web.kit.downloads import file_response
from expo.web.kit.errors import message_of
from expo.web.kit.form_pages import render_form, show_at_field
from expo.web.kit.language import current_locale, own_language_first
from expo.web.kit.questions import Question, confirm_first
from expo.web.kit.stored_files import picture_response
from expo.web.kit.text_fields import LongTexts, texts_of

blueprint = audience_blueprint("speaker_profile", __name__, Audience.SIGNED_IN, url_prefix="/speaker/profile")

# How many empty rows for links and periods the form offers besides those that are filled in.
SPARE_ROWS = 2
_PERCENT = 100
EARLIEST_YEAR, LATEST_YEAR = 2000, 2200


class ProfileForm(FlaskForm):  # type: ignore[misc]
    """A speaker's profile."""

    name = StringField(
        _l("Your name"),
        description=_l("As it should appear in the programme."),
        validators=[DataRequired(_l("Enter a name.")), Length(max=200)],
        render_kw={"autocomplete": "name", "dir": "auto"},
    )
    company = StringField(_l("Company or organization"), validators=[Length(max=200)], render_kw={"dir": "auto"})
    country = SelectField(_l("Country or region"), validate_choice=False)
    biography = FormField(LongTexts, label=_l("Biography"))
    links = TextAreaField(
        _l("Links"), description=_l("One web address per line, such as your website or profile."),
        render_kw={"rows": 3, "dir": "ltr"},
    )  # fmt: skip
    accessibility_needs = TextAreaField(
        _l("Accessibility needs"), description=_l("Only the organizers see this."), validators=[Length(max=2000)]
    )
    travel_needs = TextAreaField(
        _l("Travel needs"),
        description=_l("Such as a visa invitation or a hotel. Only the organizers see this."),
        validators=[Length(max=2000)],
    )


@blueprint.route("", methods=["GET", "POST"], strict_slashes=False)
def edit() -> str | AnyResponse | tuple[str, int]:
    """Show and save the profile."""
    edition = current_edition()
    values = _values(current_person_id())
    form = ProfileForm(data={**asdict(values), "links": "\n".join(url for url, _title in values.links)})
    form.country.choices = as_choices([("", "–"), *countries_in(current_locale())])
    if form.validate_on_submit():
        try:
            wanted = _to_request(form, edition, values, _read_absences())
            save_profile(current_actor(), edition.id, wanted, edition.time_zone, utcnow())
        except Invalid as error:
            show_at_field(form, error, "name")
        else:
            flash(_("Your profile has been saved."), "success")
            return redirect(url_for("speaker_profile.edit"))
    profile = find_profile(current_person_id())
    return render_form(
        form,
        "speaker/profile.html",
        languages=own_language_first(edition.languages),
        has_profile=profile is not None,
        has_photo=profile is not None and profile.photo_id is not None,
        absences=[*_list_absences(values), *[("", "")] * SPARE_ROWS],
    )


@blueprint.post("/photo")
def upload_photo() -> AnyResponse:
    """Crop a photo to a square around the chosen centre, and store only the square."""
    uploaded = request.files.get("photo")
    if uploaded is None or not uploaded.filename:
        flash(_("Choose a file."), "danger")
        return _to_photo()
    with uploaded.stream as stream:
        data = stream.read(MAX_BYTES + 1)
    try:
        centre, zoom = (_share("centre_x", 50), _share("centre_y", 40)), request.form.get("zoom", _PERCENT, type=int)
        square = crop_photo(data, centre, zoom / _PERCENT)
        set_photo(current_actor(), current_edition().id, square, _values(current_person_id()).name, utcnow())
    except (Invalid, Conflict) as error:
        flash(message_of(error), "danger")
    else:
        flash(_("Your photo has been saved."), "success")
    return _to_photo()


@blueprint.get("/photo.jpg")
def photo() -> Response:
    """Return one's own photo."""
    profile = find_profile(current_person_id())
    if profile is None or profile.photo_id is None:
        raise Missing("file_missing")
    return picture_response(get_file(profile.photo_id))


@blueprint.post("/photo/delete")
def delete_photo() -> AnyResponse:
    """Remove one's own photo."""
    remove_photo(current_actor(), current_edition().id, utcnow())
    flash(_("Your photo has been deleted."), "success")
    return _to_photo()


@blueprint.route("/delete", methods=["GET", "POST"])
def delete() -> AnyResponse | tuple[str, int]:
    """Delete the profile, after confirmation."""
    question = Question(
        title=_("Delete your profile?"),
        text=_("Your biography, photo, links and needs will be deleted. Your proposals and sessions are kept."),
        button=_("Delete profile"),
        trail=[(_("My profile"), url_for("speaker_profile.edit"))],
        is_destructive=True,
    )
    done = _("Your profile has been deleted.")
    return confirm_first(question, lambda: delete_profile(current_actor(), utcnow()), done, "speaker/confirm.html")


@blueprint.get("/data.json")
def export() -> Response:
    """Return everything that the speaker's pages store about the person."""
    person_id = current_person_id()
    person, profile = find_person(person_id), find_profile(person_id)
    data = {
        "email": person.email if person else "",
        "profile": asdict(profile.values) if profile else None,
        "proposals": [
            {
                "code": each.code,
                "state": each.state.value,
                **asdict(each.content),
                "answers": get_answers(each.sheet_id),
                "submitted_at": each.submitted_at,
            }
            for each in list_all_own_proposals(person_id)
        ],
    }
    content = json.dumps(data, ensure_ascii=False, indent=2, default=str).encode()
    return file_response(content, "application/json", "my-speaker-data.json")


def _values(person_id: int) -> ProfileRequest:
    profile, person = find_profile(person_id), find_person(person_id)
    return profile.values if profile else ProfileRequest(name=person.name if person else "")


def _to_request(
    form: ProfileForm, edition: EditionFacts, before: ProfileRequest, absences: list[Absence]
) -> ProfileRequest:
    titles = dict(before.links)
    urls = [line.strip() for line in (form.links.data or "").splitlines() if line.strip()]
    links = [url if "://" in url else f"https://{url}" for url in urls]
    known = {code for code, _name in countries_in(current_locale())}
    return ProfileRequest(
        name=(form.name.data or "").strip(),
        company=(form.company.data or "").strip(),
        country=form.country.data if form.country.data in known else "",
        biography=texts_of(form.biography, edition.languages, dict(before.biography)),
        links=tuple((url, titles.get(url, "")) for url in links),
        absences=tuple(absences),
        accessibility_needs=form.accessibility_needs.data or "",
        travel_needs=form.travel_needs.data or "",
    )


def _list_absences(values: ProfileRequest) -> list[tuple[str, str]]:
    """Return the periods to show: what was typed, or else those of the profile."""
    if request.method == "POST":
        rows = zip_longest(request.form.getlist("absent_from"), request.form.getlist("absent_to"), fillvalue="")
        return [row for row in rows if any(row)]
    return [(each.first.isoformat(), each.last.isoformat()) for each in values.absences]


def _read_absences() -> list[Absence]:
    """Return the periods entered; one day is enough. Raises Invalid `date_invalid`."""
    rows = zip(request.form.getlist("absent_from"), request.form.getlist("absent_to"), strict=False)
    try:
        return [_read_absence(first or last, last or first) for first, last in rows if first or last]
    except (ValueError, OverflowError):
        raise Invalid("date_invalid") from None


def _read_absence(first: str, last: str) -> Absence:
    absence = Absence(date.fromisoformat(first), date.fromisoformat(last))
    if not EARLIEST_YEAR <= absence.first.year <= absence.last.year < LATEST_YEAR:
        raise ValueError("not a day of our time")
    return absence


def _share(name: str, default: int) -> float:
    return min(request.form.get(name, default, type=int), _PERCENT) / _PERCENT


def _to_photo() -> AnyResponse:
    return redirect(url_for("speaker_profile.edit", _anchor="photo"))
