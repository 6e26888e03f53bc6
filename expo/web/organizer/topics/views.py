"""The topics that people and companies choose from: list, add, rename, move, hide, import and export."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _, ngettext
from werkzeug.wrappers import Response as AnyResponse

from expo.accounts.rules import Permission, require
from expo.errors import Conflict, Invalid, Missing
from expo.exhibitors.queries import list_topic_changes, list_topics
from expo.flows.topics import import_topics, reset_topic, save_topic
from expo.formats.errors import BadFile
from expo.infra.clock import utcnow
from expo.pure.topics import Topic, bundled_topics
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.downloads import table_response
from expo.web.kit.form_pages import render_form, show_at_field
from expo.web.kit.formats import number
from expo.web.kit.questions import Question, confirm_first
from expo.web.kit.topic_choices import topic_groups, topic_name
from expo.web.kit.uploads import read_form_file
from expo.web.organizer.sections import section_blueprint
from expo.web.organizer.topics.forms import TopicFileForm, TopicForm

blueprint = section_blueprint("organizer_topics", __name__, "/topics", Permission.EXHIBITORS_READ)

COLUMNS = ("code", "parent", "name_en", "name_zh", "keywords", "hidden")
Page = str | AnyResponse | tuple[str, int]


@blueprint.get("", strict_slashes=False)
def show_topics() -> str:
    """List the topics by group; `q` searches them."""
    topics = list_topics(current_edition().id)
    q = request.args.get("q", "").strip()[:100].lower()
    hidden = {topic.code for topic in topics.topics if topic.is_hidden}
    groups = [
        (group.name, [each for each in group.topics if q in f"{each.words} {each.name.lower()}"])
        for group in topic_groups(hidden)
    ]
    changes = {change.code for change in list_topic_changes(current_edition().id)}
    return render_template(
        "organizer/topics/list.html",
        groups=[group for group in groups if group[1]],
        total=len(topics.topics),
        q=q,
        hidden=hidden,
        added=changes - bundled_topics().codes,
        changed=changes & bundled_topics().codes,
    )


@blueprint.route("/new", methods=["GET", "POST"])
def add_topic() -> Page:
    """Add a topic."""
    return _edit(None)


@blueprint.route("/<code>/edit", methods=["GET", "POST"])
def edit_topic(code: str) -> Page:
    """Rename, move or hide a topic."""
    topic = list_topics(current_edition().id).by_code.get(code)
    if topic is None:
        raise Missing("topic_missing")
    return _edit(topic)


@blueprint.route("/<code>/reset", methods=["GET", "POST"])
def confirm_reset(code: str) -> AnyResponse | tuple[str, int]:
    """Delete an added topic, or undo the changes of a bundled one, after confirmation."""
    edition, actor = current_edition(), current_actor()
    require(actor, Permission.EXHIBITORS_MANAGE, edition.id)
    is_bundled = code in bundled_topics().codes
    question = Question(
        title=_("Undo the changes of “%(name)s”?", name=topic_name(code))
        if is_bundled
        else _("Delete “%(name)s”?", name=topic_name(code)),
        text=_("The topic goes back to its original names, keywords and place.")
        if is_bundled
        else _("People who chose this topic lose it. To keep their choice, hide it instead."),
        button=_("Undo changes") if is_bundled else _("Delete topic"),
        trail=[(_("Topics"), url_for("organizer_topics.show_topics"))],
        is_destructive=not is_bundled,
    )
    done = _("Changes undone.") if is_bundled else _("Topic deleted.")
    return confirm_first(question, lambda: reset_topic(actor, edition.id, code, utcnow()), done)


@blueprint.get("/export.<any(csv, xlsx):kind>")
def export(kind: str) -> Response:
    """Return all topics of the edition as a file that can be imported again."""
    edition = current_edition()
    rows = [
        (
            topic.code,
            topic.parent or topic.group,
            topic.names["en"],
            topic.names.get("zh", ""),
            "; ".join(topic.keywords),
            "yes" if topic.is_hidden else "",
        )
        for topic in list_topics(edition.id).topics
    ]
    return table_response(kind, f"topics-{edition.slug}", COLUMNS, rows)


@blueprint.route("/import", methods=["GET", "POST"])
def import_file() -> Page:
    """Add and change the topics of a file."""
    edition, actor = current_edition(), current_actor()
    require(actor, Permission.EXHIBITORS_MANAGE, edition.id)
    form = TopicFileForm()
    if form.validate_on_submit():
        try:
            count = import_topics(actor, edition.id, read_form_file(form.file.data), utcnow())
        except (BadFile, Conflict, Invalid) as error:
            show_at_field(form, error, "file")
        else:
            flash(
                ngettext("%(count)s topic imported.", "%(count)s topics imported.", count, count=number(count)),
                "success",
            )
            return redirect(url_for("organizer_topics.show_topics"))
    return render_form(form, "organizer/topics/import.html")


def _edit(topic: Topic | None) -> Page:
    edition, actor = current_edition(), current_actor()
    require(actor, Permission.EXHIBITORS_MANAGE, edition.id)
    form = TopicForm.of(list_topics(edition.id), topic)
    languages = tuple(dict.fromkeys(("en", "zh", *edition.languages)))
    if form.validate_on_submit():
        try:
            save_topic(actor, edition.id, form.to_request(languages, topic), utcnow())
        except (Conflict, Invalid) as error:
            show_at_field(form, error, "names")
        else:
            flash(_("Changes saved.") if topic else _("Topic added."), "success")
            return redirect(url_for("organizer_topics.show_topics"))
    return render_form(
        form,
        "organizer/topics/edit.html",
        topic=topic,
        heading=topic_name(topic.code) if topic else _("New topic"),
        languages=languages,
        is_bundled=topic is not None and topic.code in bundled_topics().codes,
        is_changed=topic is not None and topic.code in {each.code for each in list_topic_changes(edition.id)},
    )
