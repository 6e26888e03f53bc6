"""The pages of a form's questions: list, add, edit, move, remove and preview; for calls and for applications."""

from collections.abc import Mapping
from dataclasses import dataclass, field as default
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from expo.errors import Conflict, Invalid
from expo.infra.clock import utcnow
from expo.questions.queries import Form, get_form
from expo.questions.rules import Field, FieldKind
from expo.questions.services import add_field, change_field, move_field, remove_field
from expo.web.forms.row_fields import change_rows
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.countries import countries_in
from expo.web.kit.errors import message_of
from expo.web.kit.form_pages import render_form, show_at_field
from expo.web.kit.language import current_locale
from expo.web.kit.question_fields import PREFIX, conditions_json, describe_conditions
from expo.web.organizer.question_forms import FIELD_KINDS, OPERATORS, QuestionForm
from expo.web.organizer.question_rows import has_answers, make_key

Page = str | Response | tuple[str, int]


@dataclass(frozen=True)
class QuestionSection:
    """A form whose questions are edited: the pages above, its blueprint, and what is always asked."""

    form_id: int
    trail: list[tuple[str, str]]
    blueprint: str
    introduction: str
    # What the addresses of its pages name, such as the call.
    values: Mapping[str, Any] = default(default_factory=dict)
    # Whether reviewers must not know who answered.
    has_blind_reviews: bool = False
    # What this kind of form cannot ask.
    excluded: frozenset[FieldKind] = frozenset()

    def url(self, view: str, **values: Any) -> str:
        """Return the address of a page of the section."""
        return url_for(f"{self.blueprint}.{view}", **self.values, **values)

    @property
    def kinds(self) -> dict[FieldKind, Any]:
        """The kinds of questions that can be added, with their names."""
        return {kind: word for kind, word in FIELD_KINDS.items() if kind not in self.excluded}


def list_questions(section: QuestionSection) -> str:
    """List the questions in their order, with buttons to change them."""
    form = _load(section)
    return render_template(
        "organizer/calls/questions.html",
        section=section,
        questions=form.fields,
        hints={each.key: describe_conditions(each, form.fields) for each in form.fields},
        kinds=FIELD_KINDS,
    )


def preview_questions(section: QuestionSection) -> str:
    """Show the form as people see it."""
    form = _load(section)
    return render_template(
        "organizer/calls/preview.html",
        section=section,
        fields=form.fields,
        hints={each.key: describe_conditions(each, form.fields) for each in form.fields},
        conditions={each.key: conditions_json(each) for each in form.fields},
        countries=countries_in(current_locale()),
        prefix=PREFIX,
    )


def add_question(section: QuestionSection) -> Page:
    """Add a question of the kind that the address names."""
    loaded = _load(section)
    kind = _kind_of(section, request.args.get("kind", FieldKind.TEXT.value))
    edition = current_edition()
    form = QuestionForm.of(kind, None, loaded.fields, edition.languages)
    if not change_rows(form) and form.validate_on_submit():
        taken = {each.key for each in loaded.fields}
        field = form.to_field(kind, edition, make_key(form.label.form.en.data or "", taken, "question"))
        try:
            add_field(current_actor(), edition.id, section.form_id, field, utcnow())
        except (Conflict, Invalid) as error:
            show_at_field(form, error, "label")
        else:
            flash(_("The question has been added."), "success")
            return redirect(section.url("list_all"))
    return _page(form, section, kind, None)


def edit_question(section: QuestionSection, field_id: int) -> Page:
    """Change a question; what others changed in the meantime is not overwritten."""
    loaded = _load(section)
    field = _find(loaded, field_id)
    edition = current_edition()
    before = loaded.fields[: loaded.fields.index(field)]
    form = QuestionForm.of(field.kind, field, before, edition.languages)
    version = request.form.get("version", 0, type=int) if form.is_submitted() else loaded.version
    if not change_rows(form) and form.validate_on_submit():
        changed = form.to_field(field.kind, edition, field.key)
        try:
            change_field(current_actor(), edition.id, section.form_id, field_id, changed, version, utcnow())
        except (Conflict, Invalid) as error:
            show_at_field(form, error, "label")
            if error.code == "form_changed":
                # Anyone who saves again has seen the warning.
                version = loaded.version
        else:
            flash(_("The question has been saved."), "success")
            return redirect(section.url("list_all"))
    return _page(form, section, field.kind, field, version)


def change_question(section: QuestionSection, field_id: int, act: str) -> Response:
    """Move a question up or down, or remove it."""
    actor, edition = current_actor(), current_edition()
    try:
        if act == "remove":
            remove_field(actor, edition.id, section.form_id, field_id, utcnow())
        else:
            move_field(actor, edition.id, section.form_id, field_id, -1 if act == "up" else 1, utcnow())
    except Conflict as error:
        flash(message_of(error), "danger")
    return redirect(section.url("list_all"))


def _load(section: QuestionSection) -> Form:
    return get_form(current_edition().id, section.form_id)


def _find(form: Form, field_id: int) -> Field:
    field = next((each for each in form.fields if each.id == field_id), None)
    if field is None:
        abort(404)
    return field


def _kind_of(section: QuestionSection, text: str) -> FieldKind:
    if text not in {each.value for each in section.kinds}:
        abort(404)
    return FieldKind(text)


def _page(
    form: QuestionForm, section: QuestionSection, kind: FieldKind, field: Field | None, version: int = 0
) -> tuple[str, int]:
    return render_form(
        form,
        "organizer/calls/question.html",
        section=section,
        kind=FIELD_KINDS[kind],
        field=field,
        version=version,
        languages=current_edition().languages,
        operators=OPERATORS,
        typed={each.key for each in form.conditions.questions.values() if not has_answers(each)},
    )
