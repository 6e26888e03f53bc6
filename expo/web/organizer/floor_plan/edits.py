"""What others did to the booths of a plan, in words."""

from collections.abc import Sequence
from itertools import groupby

from flask_babel import gettext as _, ngettext

from expo.errors import ExpoError
from expo.exhibitors.errors import BoothChanged
from expo.exhibitors.queries import EditRow
from expo.exhibitors.rules import EditKind
from expo.web.kit.errors import message_of
from expo.web.kit.formats import number
from expo.web.kit.language import sentence_sep

# Up to this many changes of one person are named one by one.
NAMED = 2


def describe_edits(edits: Sequence[EditRow], editor: str) -> list[str]:
    """Return what was done elsewhere than in this editor, by whom, oldest first."""
    others = [each for each in edits if not editor or not each.request_id.startswith(editor)]
    texts = []
    for name, group in groupby(others, key=lambda each: each.name):
        done = list(group)
        if len({each.booth_id for each in done}) > NAMED:
            count = len({each.booth_id for each in done})
            who = name or _("Someone else")
            texts.append(
                ngettext(
                    "%(name)s has changed %(count)s booth.",
                    "%(name)s has changed %(count)s booths.",
                    count,
                    name=who,
                    count=number(count),
                )
            )
        else:
            latest = {each.booth_id: each for each in done}
            texts += [_describe(each.kind, each.code, each.name) for each in latest.values()]
    return texts


def describe_refusal(error: ExpoError) -> str:
    """Return why a change was refused; if somebody else changed the booth, what they did."""
    if not isinstance(error, BoothChanged) or error.params["kind"] == EditKind.OTHER:
        return message_of(error)
    text = _describe(EditKind(error.params["kind"]), error.params["booth"], error.params["name"])
    return text + sentence_sep() + _("Your change was not saved.")


def _describe(kind: EditKind, booth: str, name: str) -> str:
    values = {"name": name or _("Someone else"), "booth": booth}
    texts = {
        EditKind.ADDED: _("%(name)s has added booth %(booth)s.", **values),
        EditKind.DELETED: _("%(name)s has deleted booth %(booth)s.", **values),
        EditKind.RENUMBERED: _("%(name)s has changed the number of booth %(booth)s.", **values),
        EditKind.PLACED: _("%(name)s has placed booth %(booth)s.", **values),
        EditKind.UNPLACED: _("%(name)s has removed booth %(booth)s from the plan.", **values),
        EditKind.MOVED: _("%(name)s has moved booth %(booth)s.", **values),
        EditKind.RESHAPED: _("%(name)s has changed the shape of booth %(booth)s.", **values),
    }
    return texts[kind]
