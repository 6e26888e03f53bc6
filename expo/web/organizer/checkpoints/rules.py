"""The rule of a checkpoint, edited as rows that read as a sentence."""

from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from expo.accounts.rules import Permission
from expo.checkin.queries.checkpoints import get_checkpoint
from expo.checkin.rules.facts import Rule
from expo.checkin.services.checkpoints import CheckpointRequest
from expo.errors import Conflict, Invalid, Outdated
from expo.web.forms.row_fields import ROW_ACTION
from expo.web.kit.access import current_edition
from expo.web.kit.form_pages import show_at_field
from expo.web.kit.rule_sentences import RuleNames, describe_rule, rule_names
from expo.web.organizer.changes import ChangedField
from expo.web.organizer.checkpoints.parts import RULE, find_other_change, save_part, version_of_part
from expo.web.organizer.checkpoints.rule_forms import CONDITIONS, MAX_ROWS, RuleForm, to_form_data
from expo.web.organizer.sections import section_blueprint

blueprint = section_blueprint("organizer_door_rules", __name__, "/checkpoints", Permission.CHECKPOINTS_MANAGE)


@blueprint.route("/<code>/rule", methods=["GET", "POST"])
def edit_rule(code: str) -> str | AnyResponse | tuple[str, int]:
    """Change who may enter under which conditions; buttons that add or remove a row only show the form again."""
    edition = current_edition()
    door = get_checkpoint(edition.id, code)
    stored = to_form_data(door.rule)
    form, others = RuleForm(data={**(stored or {}), "version": version_of_part(door, RULE)}), None
    action = request.form.get(ROW_ACTION, "")
    if action:
        form = _change_rows(form, action)
    names = rule_names(edition.id)
    form.offer(
        ticket_types=list(names.ticket_types.items()),
        zones=list(names.zones.items()),
        add_ons=list(names.add_ons.items()),
        has_session=door.session_id is not None,
    )
    if not action and form.validate_on_submit():
        rule = form.to_rule()
        try:
            save_part(code, RULE, form.version.data or "", lambda now: replace(CheckpointRequest.of(now), rule=rule))
        except Outdated:
            door = get_checkpoint(edition.id, code)
            theirs = _describe(door.rule, names) or _("No conditions: everybody with a valid badge is admitted.")
            others = find_other_change(door, {"rule": ChangedField(_("Rule"), theirs)})
            form.version.data = version_of_part(door, RULE)  # saving again is confirmation enough
        except (Conflict, Invalid) as error:
            show_at_field(form, error, "reentry")
        else:
            flash(_("Changes saved. Scanners update within two seconds."), "success")
            return redirect(url_for("organizer_door_rules.edit_rule", code=code))
    page = render_template(
        "organizer/checkpoints/rule.html",
        form=form,
        door=door,
        is_nested=stored is None,
        sentence=_describe_form(form, names) if request.form or stored is not None else _describe(door.rule, names),
        names_of_kinds={kind: words[0] for kind, words in CONDITIONS.items()},
        has_room=len(form.conditions) < MAX_ROWS,
        other_changes=others,
        current_url=url_for("organizer_door_rules.edit_rule", code=code),
    )
    return page, 409 if others is not None else 422 if form.errors else 200


def _change_rows(form: RuleForm, action: str) -> RuleForm:
    """Return the form as submitted, with a row added (`add`) or removed (`remove:2`), and nothing checked."""
    rows: list[dict[str, Any]] = [entry.form.data for entry in form.conditions]
    verb, _sep, index = action.partition(":")
    if verb == "add" and form.new_kind.data in CONDITIONS and len(rows) < MAX_ROWS:
        rows.append({"kind": form.new_kind.data})
    elif verb == "remove" and index.isascii() and index.isdigit() and int(index) < len(rows):
        rows.pop(int(index))
    kept = {"reentry": form.reentry.data, "new_kind": form.new_kind.data, "version": form.version.data}
    return RuleForm(formdata=None, data={**kept, "conditions": rows})


def _describe_form(form: RuleForm, names: RuleNames) -> str:
    """Return the sentence of the complete rows."""
    complete = [entry.form.data for entry in form.conditions if entry.form.is_complete()]
    shown = RuleForm(formdata=None, data={"reentry": form.reentry.data, "conditions": complete})
    return _describe(shown.to_rule(), names)


def _describe(rule: Rule | None, names: RuleNames) -> str:
    return describe_rule(rule, names) if rule is not None else ""
