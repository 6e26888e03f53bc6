"""Versions of the timetable: what publishing would change, publish, plan, share a preview, roll back."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _, ngettext
from werkzeug.wrappers import Response

from expo.accounts.queries import name_actors
from expo.accounts.rules import Permission, require
from expo.errors import Conflict, ExpoError
from expo.flows.publishing import (
    count_notices,
    count_open_notices,
    is_being_notified,
    notify_of_version,
    publish_program,
    roll_back,
)
from expo.infra.addresses import public_url
from expo.infra.clock import utcnow
from expo.program.queries import (
    compare_draft,
    compare_restored,
    get_timetable,
    get_version,
    list_versions,
    name_changes,
)
from expo.program.services import Published, plan_publication, revoke_preview, share_preview
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.errors import message_of
from expo.web.kit.form_pages import show_at_field
from expo.web.kit.text_fields import from_local, to_local
from expo.web.organizer.sections import section_blueprint
from expo.web.organizer.versions.forms import PlanForm, PublishForm, RollBackForm

blueprint = section_blueprint("organizer_versions", __name__, "/program/versions", Permission.PROGRAM_MANAGE)

SHOWN = 50


@blueprint.get("", strict_slashes=False)
def list_all_versions() -> str:
    """Show what publishing would change, and the versions published so far."""
    return _render(PublishForm(), PlanForm())


@blueprint.post("/publish")
def publish() -> Response | tuple[str, int]:
    """Publish the draft as the next version."""
    edition = current_edition()
    require(current_actor(), Permission.PROGRAM_MANAGE, edition.id)
    form = PublishForm()
    revision = form.revision.data or ""
    if form.validate_on_submit() and revision.isdecimal():
        try:
            published = publish_program(
                current_actor(),
                edition.id,
                form.label.data or "",
                utcnow(),
                revision=int(revision),
                notify=form.notify.data,
            )
        except ExpoError as error:
            show_at_field(form, error, "label")
        else:
            return _after(published, notified=form.notify.data)
    return _render(form, PlanForm(formdata=None)), 422


@blueprint.post("/plan")
def plan() -> Response | tuple[str, int]:
    """Plan the publication of the draft, or cancel the plan with an empty time."""
    edition = current_edition()
    require(current_actor(), Permission.PROGRAM_MANAGE, edition.id)
    form = PlanForm()
    if form.validate_on_submit():
        publish_at = from_local(form.publish_at.data, edition.zone)
        try:
            plan_publication(
                current_actor(),
                edition.id,
                publish_at,
                utcnow(),
                label=form.label.data or "",
                notify=form.notify.data,
            )
        except ExpoError as error:
            show_at_field(form, error, "publish_at")
        else:
            flash(_("Publication scheduled.") if publish_at else _("Scheduled publication cancelled."), "success")
            return _back()
    return _render(PublishForm(formdata=None), form), 422


@blueprint.post("/preview")
def share() -> Response:
    """Make a new secret address for the preview."""
    share_preview(current_actor(), current_edition().id, utcnow())
    flash(_("The preview has a new link. Earlier links no longer work."), "success")
    return _back()


@blueprint.post("/preview/end")
def end_preview() -> Response:
    """End the preview."""
    revoke_preview(current_actor(), current_edition().id, utcnow())
    flash(_("The preview is no longer available."), "success")
    return _back()


@blueprint.get("/<int:number>")
def show_version(number: int) -> str:
    """Show what one version changed."""
    edition = current_edition()
    version = get_version(edition.id, number)
    return render_template(
        "organizer/versions/version.html",
        version=version,
        names=name_changes(edition.id, version.changes, with_drafts=True),
        notices=count_open_notices(version),
        is_being_notified=is_being_notified(version),
        author=name_actors([("person", version.published_by)], edition.id),
    )


@blueprint.post("/<int:number>/notify")
def notify(number: int) -> Response:
    """E-mail the people whom a version concerns that was published without e-mails, such as by an import."""
    try:
        notify_of_version(current_actor(), current_edition().id, number, utcnow())
    except Conflict as error:
        flash(message_of(error), "danger")
    else:
        flash(_("The people concerned will get an e-mail."), "success")
    return redirect(url_for("organizer_versions.show_version", number=number))


@blueprint.route("/<int:number>/restore", methods=["GET", "POST"])
def restore(number: int) -> Response | tuple[str, int]:
    """Ask, and publish the rooms and times of an earlier version again."""
    edition, actor = current_edition(), current_actor()
    require(actor, Permission.PROGRAM_MANAGE, edition.id)
    version = get_version(edition.id, number)
    form = RollBackForm()
    if form.validate_on_submit():
        label = _("Back to version %(number)s", number=number)
        try:
            published = roll_back(actor, edition.id, number, label, utcnow(), notify=form.notify.data)
        except ExpoError as error:
            show_at_field(form, error, "notify")
        else:
            return _after(published, notified=form.notify.data)
    changes = compare_restored(edition.id, number)
    page = render_template(
        "organizer/versions/restore.html",
        version=version,
        form=form,
        changes=changes,
        names=name_changes(edition.id, changes, with_drafts=True),
        notices=count_notices(edition.id, changes),
    )
    return page, 422 if form.errors else 200


def _render(form: PublishForm, plan_form: PlanForm) -> str:
    edition = current_edition()
    timetable = get_timetable(edition.id)
    changes = compare_draft(edition.id)
    versions = list_versions(edition.id, SHOWN)
    form.revision.data = str(timetable.revision)
    if not plan_form.is_submitted() or not plan_form.errors:
        plan_form.publish_at.data = to_local(timetable.publish_at, edition.zone)
        plan_form.label.data, plan_form.notify.data = timetable.publish_label, timetable.publish_notify
    key = timetable.preview_key
    return render_template(
        "organizer/versions/list.html",
        form=form,
        plan_form=plan_form,
        timetable=timetable,
        changes=changes,
        names=name_changes(edition.id, changes, with_drafts=True),
        notices=count_notices(edition.id, changes),
        versions=versions,
        authors=name_actors((("person", each.published_by) for each in versions), edition.id),
        preview_url=public_url(url_for("public_versions.show_preview", key=key)) if key else None,
    )


def _after(published: Published, *, notified: bool) -> Response:
    flash(
        ngettext(
            "Version %(number)s is published: %(num)s change.",
            "Version %(number)s is published: %(num)s changes.",
            len(published.changes),
            number=published.number,
        ),
        "success",
    )
    if notified and published.changes:
        flash(_("The people concerned will get an e-mail."), "info")
    return _back()


def _back() -> Response:
    return redirect(url_for("organizer_versions.list_all_versions"))
