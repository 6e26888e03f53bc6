"""What exhibitors get who scan an attendee's badge: the choice of details, who scanned it, and stopping to share."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _, lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import Length

from expo.errors import Invalid, Missing
from expo.infra.clock import utcnow
from expo.leads.queries import list_collectors
from expo.leads.rules import UNDO_FOR
from expo.leads.services import resume_sharing, stop_sharing
from expo.profiles.queries import get_sharing, list_contacts
from expo.profiles.rules import Contact, SharedField, read_fields
from expo.profiles.services import choose_sharing
from expo.registration.queries import AttendeeRow, list_attendees_of_person
from expo.web.kit.access import (
    Audience,
    audience_blueprint,
    current_actor,
    current_edition,
    current_person_id,
    safe_path,
)
from expo.web.kit.choices import as_choices, check_boxes
from expo.web.kit.form_pages import show_at_field
from expo.web.kit.formats import country_name
from expo.web.kit.lead_labels import SHARED_FIELDS

blueprint = audience_blueprint("attendee_sharing", __name__, Audience.ATTENDEES, url_prefix="/me")


class SharingForm(FlaskForm):  # type: ignore[misc]
    """The contact details to share."""

    fields = check_boxes(
        _l("Exhibitors see"), choices=as_choices((each.value, words) for each, words in SHARED_FIELDS.items())
    )
    phone = StringField(
        _l("Phone number to share"),
        description=_l("With the country code, such as +86 851 1234 5678. Only needed if you share it."),
        validators=[Length(max=40)],
        render_kw={"dir": "ltr", "inputmode": "tel", "autocomplete": "tel"},
    )


@blueprint.route("/<code>/sharing", methods=["GET", "POST"])
def show_sharing(code: str) -> str | Response | tuple[str, int]:
    """Show who scanned the badge, and choose what they see."""
    attendee = _own_attendee(code)
    stored = get_sharing(attendee.id)
    form = SharingForm(fields=sorted(each.value for each in stored.fields), phone=stored.phone)
    if form.validate_on_submit():
        wanted = read_fields(form.fields.data or [])
        try:
            choose_sharing(current_actor(), attendee.edition_id, attendee.id, wanted, form.phone.data or "", utcnow())
        except Invalid as error:
            show_at_field(form, error, "phone")
        else:
            flash(_("Saved. This applies to exhibitors who scanned your badge earlier too."), "success")
            return redirect(url_for("attendee_sharing.show_sharing", code=code))
    page = render_template(
        "attendee/sharing.html",
        form=form,
        attendee=attendee,
        collectors=list_collectors([attendee.id]),
        codes_of={attendee.id: attendee.code},
        undo_for=UNDO_FOR,
        now=utcnow(),
        shown=_shown(list_contacts([attendee.id])[attendee.id]),
    )
    return page, 422 if form.errors else 200


@blueprint.post("/<code>/sharing/<slug>/<any(stop, resume):act>")
def change_sharing(code: str, slug: str, act: str) -> Response:
    """Stop sharing with one company, or share with it again."""
    attendee, actor, edition_id = _own_attendee(code), current_actor(), current_edition().id
    if act == "stop":
        stop_sharing(actor, edition_id, attendee.id, slug, utcnow())
        flash(_("This company no longer sees your details."), "success")
    else:
        resume_sharing(actor, edition_id, attendee.id, slug, utcnow())
        flash(_("You share your details with this company again."), "success")
    return redirect(safe_path(request.form.get("next")) or url_for("attendee_sharing.show_sharing", code=code))


def _shown(contact: Contact) -> list[tuple[object, str]]:
    """Return what an exhibitor sees at this moment, as (label, value)."""
    country = country_name(contact.country) if contact.country else ""
    values = ((each, country if each is SharedField.COUNTRY else getattr(contact, each.value)) for each in SharedField)
    return [(SHARED_FIELDS[each], value) for each, value in values if value]


def _own_attendee(code: str) -> AttendeeRow:
    """Return the attendee with this code if it is this person. Raises Missing.

    Not those whom the person registered: only they themselves decide what they share.
    """
    person_id = current_person_id()
    attendees = list_attendees_of_person(person_id, current_edition().id)
    found = next((each for each in attendees if each.code == code and each.person_id == person_id), None)
    if found is None:
        raise Missing("attendee_missing")
    return found
