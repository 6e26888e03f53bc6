"""The packages that exhibitors book: list, add, change and delete."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _, ngettext
from werkzeug.wrappers import Response

from expo.accounts.rules import Permission
from expo.errors import Conflict, Invalid
from expo.exhibitors.queries import PackageRow, count_companies_over_licences, get_package, list_packages
from expo.exhibitors.services import change_package, create_package, delete_package
from expo.infra.clock import utcnow
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.form_pages import render_form, show_at_field
from expo.web.kit.formats import number
from expo.web.kit.language import localized
from expo.web.kit.questions import Question, confirm_first
from expo.web.organizer.exhibitors.package_form import PackageForm
from expo.web.organizer.sections import section_blueprint

blueprint = section_blueprint("organizer_packages", __name__, "/exhibitors/packages", Permission.EXHIBITORS_MANAGE)

Page = str | Response | tuple[str, int]


@blueprint.get("", strict_slashes=False)
def list_all() -> str:
    """List the packages with how many companies have each."""
    return render_template("organizer/exhibitors/packages.html", packages=list_packages(current_edition().id))


@blueprint.route("/new", methods=["GET", "POST"])
def add() -> Page:
    """Add a package."""
    edition = current_edition()
    form = PackageForm.of(None, edition)
    if form.validate_on_submit():
        try:
            create_package(current_actor(), edition.id, form.to_request(edition), utcnow())
        except Invalid as error:
            show_at_field(form, error, "name")
        else:
            flash(_("The package has been added."), "success")
            return redirect(url_for("organizer_packages.list_all"))
    return _page(form, None)


@blueprint.route("/<slug>/edit", methods=["GET", "POST"])
def edit(slug: str) -> Page:
    """Change a package."""
    edition = current_edition()
    package = get_package(edition.id, slug)
    form = PackageForm.of(package, edition)
    if form.validate_on_submit():
        try:
            change_package(current_actor(), edition.id, slug, form.to_request(edition, package), utcnow())
        except (Conflict, Invalid) as error:
            show_at_field(form, error, "name")
        else:
            flash(_("Changes to %(name)s saved.", name=localized(package.name)), "success")
            _warn_of_excess(slug)
            return redirect(url_for("organizer_packages.list_all"))
    return _page(form, package)


@blueprint.route("/<slug>/delete", methods=["GET", "POST"])
def delete(slug: str) -> Page:
    """Delete a package that no company has or wants, after confirmation."""
    edition = current_edition()
    package = get_package(edition.id, slug)
    question = Question(
        _("Delete “%(name)s”?", name=localized(package.name)),
        _("This is possible only while no company has the package or asks for it."),
        _("Delete package"),
        [
            (_("Exhibitors"), url_for("organizer_exhibitors.list_companies")),
            (_("Packages"), url_for("organizer_packages.list_all")),
        ],
        is_destructive=True,
    )
    return confirm_first(
        question,
        lambda: delete_package(current_actor(), edition.id, slug, utcnow()),
        _("The package has been deleted."),
    )


def _warn_of_excess(slug: str) -> None:
    """Say how many companies have assigned more lead licences than the package has now; nobody loses one by that."""
    count = count_companies_over_licences(current_edition().id, slug)
    if count:
        flash(
            ngettext(
                "%(count)s company has assigned more lead licences than the package has now. Its members keep them "
                "until they are taken back on the page of its team.",
                "%(count)s companies have assigned more lead licences than the package has now. Their members keep "
                "them until they are taken back on the pages of their teams.",
                count,
                count=number(count),
            ),
            "warning",
        )


def _page(form: PackageForm, package: PackageRow | None) -> tuple[str, int]:
    return render_form(
        form, "organizer/exhibitors/package.html", package=package, languages=current_edition().languages
    )
