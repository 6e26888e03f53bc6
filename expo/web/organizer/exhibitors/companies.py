"""One exhibitor: adding and changing it, and deciding whether it takes part."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _, ngettext
from werkzeug.wrappers import Response

from expo.accounts.rules import Permission
from expo.errors import Conflict, Invalid, Missing, Outdated
from expo.exhibitors.queries import (
    CompanyRecord,
    RecordFilter,
    count_passes_used,
    count_references,
    get_record,
    has_visitor_records,
    list_packages,
    list_records,
    list_services_of,
)
from expo.exhibitors.rules import ExhibitorState
from expo.exhibitors.services import delete_company, hide_companies
from expo.flows.exhibitor_decisions import approve_exhibitor
from expo.flows.exhibitor_merges import merge_exhibitors
from expo.flows.exhibitor_texts import change_company, create_company
from expo.flows.exhibitor_withdrawals import withdraw_exhibitor
from expo.infra.clock import utcnow
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.errors import message_of
from expo.web.kit.exhibitor_labels import describe_references
from expo.web.kit.form_pages import render_form, show_at_field
from expo.web.kit.formats import number
from expo.web.kit.language import sentence_sep
from expo.web.kit.questions import AnswerForm, Question, confirm_first, show_question
from expo.web.organizer.exhibitors.forms import ApproveForm, CompanyForm, MergeForm
from expo.web.organizer.sections import section_blueprint

blueprint = section_blueprint("organizer_companies", __name__, "/exhibitors", Permission.EXHIBITORS_MANAGE)

Page = str | Response | tuple[str, int]
# How many companies the choice of a merge lists.
MAX_COMPANIES = 5_000


@blueprint.route("/new", methods=["GET", "POST"])
def add() -> Page:
    """Add a company."""
    edition = current_edition()
    form = CompanyForm.of(None, list_packages(edition.id))
    if form.validate_on_submit():
        try:
            slug = create_company(current_actor(), edition.id, form.to_details(edition), utcnow())
        except (Conflict, Invalid, Missing) as error:
            show_at_field(form, error, "name")
        else:
            flash(_("%(name)s has been added.", name=form.name.data), "success")
            return redirect(url_for("organizer_exhibitors.show_company", slug=slug))
    return _form_page(form, None)


@blueprint.route("/<slug>/edit", methods=["GET", "POST"])
def edit(slug: str) -> Page:
    """Change a company; what others changed in the meantime is not overwritten."""
    edition = current_edition()
    record = get_record(edition.id, slug)
    form = CompanyForm.of(record, list_packages(edition.id))
    if form.validate_on_submit():
        details = form.to_details(edition, record)
        try:
            change_company(current_actor(), edition.id, slug, details, form.version.data, utcnow())
        except Outdated as error:
            show_at_field(form, error, "name")
            # Anyone who saves again has seen the warning.
            form.version.data = record.version
        except (Conflict, Invalid, Missing) as error:
            show_at_field(form, error, "name")
        else:
            flash(_("Changes to %(name)s saved.", name=details.name), "success")
            _warn_about_passes(get_record(edition.id, slug))
            return redirect(url_for("organizer_exhibitors.show_company", slug=slug))
    return _form_page(form, record)


@blueprint.post("/<slug>/approve")
def approve(slug: str) -> Response:
    """Approve a company with the chosen package, and tell its owners."""
    form = ApproveForm()
    try:
        booths = approve_exhibitor(current_actor(), current_edition().id, slug, form.package.data or "", None, utcnow())
    except (Conflict, Missing) as error:
        flash(message_of(error), "danger")
    else:
        flash(_("The company has been approved. Its owners are notified by e-mail."), "success")
        if booths.returned:
            flash(_("It has its booths again: %(numbers)s", numbers=_(", ").join(booths.returned)), "success")
        if booths.taken:
            flash(
                _("These booths have been given to others: %(numbers)s", numbers=_(", ").join(booths.taken)), "warning"
            )
    return redirect(url_for("organizer_exhibitors.show_company", slug=slug))


@blueprint.post("/<slug>/<any(hide, show):act>")
def hide(slug: str, act: str) -> Response:
    """Hide a company from visitors, or show it again."""
    hide_companies(current_actor(), current_edition().id, [slug], utcnow(), is_hidden=act == "hide")
    done = _("Visitors can no longer see the company.") if act == "hide" else _("Visitors can now see the company.")
    flash(done, "success")
    return redirect(url_for("organizer_exhibitors.show_company", slug=slug))


@blueprint.route("/<slug>/withdraw", methods=["GET", "POST"])
def withdraw(slug: str) -> Page:
    """Cancel the participation of a company, after confirmation."""
    edition = current_edition()
    record = get_record(edition.id, slug)
    question = Question(
        _("Cancel the participation of %(name)s?", name=record.name),
        sentence_sep().join(_consequences(record)),
        _("Cancel participation"),
        company_trail(record),
        is_destructive=True,
    )
    return confirm_first(
        question,
        lambda: withdraw_exhibitor(current_actor(), edition.id, slug, None, utcnow()),
        _("%(name)s no longer takes part.", name=record.name),
    )


@blueprint.route("/<slug>/merge", methods=["GET", "POST"])
def merge(slug: str) -> Page:
    """Merge a company into another one, which is chosen by its name."""
    edition = current_edition()
    record = get_record(edition.id, slug)
    form = MergeForm.of(record, list_records(edition.id, RecordFilter(), size=MAX_COMPANIES))
    if not form.is_submitted():
        form.into.data = request.args.get("into", "")
    if form.validate_on_submit():
        try:
            merge_exhibitors(current_actor(), edition.id, slug, form.into.data, utcnow())
        except (Invalid, Missing) as error:
            show_at_field(form, error, "into")
        else:
            flash(_("%(name)s has been merged into this company.", name=record.name), "success")
            return redirect(url_for("organizer_exhibitors.show_company", slug=form.into.data))
    return render_form(form, "organizer/exhibitors/merge.html", company=record)


@blueprint.route("/<slug>/delete", methods=["GET", "POST"])
def delete(slug: str) -> Page:
    """Delete a company, after a confirmation that names what is deleted with it."""
    edition = current_edition()
    record = get_record(edition.id, slug)
    counts = count_references(record.id)
    if has_visitor_records(counts) and request.method == "GET":
        flash(message_of(Conflict("exhibitor_has_contacts")), "warning")
        is_out = record.state is ExhibitorState.WITHDRAWN
        endpoint = "organizer_exhibitors.show_company" if is_out else "organizer_companies.withdraw"
        return redirect(url_for(endpoint, slug=slug))
    belongings = describe_references(counts)
    question = Question(
        _("Delete %(name)s?", name=record.name),
        _("These will also be deleted: %(records)s. This cannot be undone.", records=belongings)
        if belongings
        else _("The company has no other records. This cannot be undone."),
        _("Delete company"),
        company_trail(record),
        is_destructive=True,
    )
    if not AnswerForm().validate_on_submit():
        return show_question(question)
    try:
        delete_company(current_actor(), edition.id, slug, None, utcnow())
    except Conflict as error:
        return show_question(question, error)
    flash(_("%(name)s has been deleted.", name=record.name), "success")
    return redirect(url_for("organizer_exhibitors.list_companies"))


def company_trail(record: CompanyRecord) -> list[tuple[str, str]]:
    """Return the breadcrumbs of a page about a company."""
    return [
        (_("Exhibitors"), url_for("organizer_exhibitors.list_companies")),
        (record.name, url_for("organizer_exhibitors.show_company", slug=record.slug)),
    ]


def _warn_about_passes(record: CompanyRecord) -> None:
    """Say that more badges are valid than the company now has passes for: a smaller package cancels none."""
    used = count_passes_used(record.id)
    if used <= record.passes:
        return
    flash(
        ngettext(
            "%(used)s badge of the team is valid, more than the company now has passes (%(passes)s). Cancel its pass "
            "on the team page, or add extra passes.",
            "%(used)s badges of the team are valid, more than the company now has passes (%(passes)s). Cancel passes "
            "on the team page, or add extra passes.",
            used,
            used=number(used),
            passes=number(record.passes),
        ),
        "warning",
    )


def _consequences(record: CompanyRecord) -> list[str]:
    """Say what happens when the participation of a company is cancelled."""
    said = [
        _(
            "Visitors no longer see the company, its meetings are cancelled, and its package and booths are available "
            "again. Its team, leads and past meetings stay, and you can approve it again."
        )
    ]
    passes = count_passes_used(record.id)
    if passes:
        said.append(
            ngettext(
                "%(count)s badge of its team stays valid: cancel its pass on the team page if it must not be used.",
                "%(count)s badges of its team stay valid: cancel their passes on the team page if they must not be "
                "used.",
                passes,
                count=number(passes),
            )
        )
    orders = sum(each.amount > 0 for each in list_services_of(current_edition().id, record.id))
    if orders:
        said.append(
            ngettext(
                "%(count)s order of services stays: cancel it on the company’s pages if nothing is to be delivered.",
                "%(count)s orders of services stay: cancel them on the company’s pages if nothing is to be delivered.",
                orders,
                count=number(orders),
            )
        )
    return said


def _form_page(form: CompanyForm, record: CompanyRecord | None) -> tuple[str, int]:
    return render_form(form, "organizer/exhibitors/edit.html", company=record, languages=current_edition().languages)
