"""Try out a checkpoint: what a scan of a real attendee would answer at a given moment. Nothing is written."""

from dataclasses import dataclass
from datetime import date, datetime, time

from flask import render_template, request
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, StringField
from wtforms.validators import Length

from expo.accounts.rules import Permission, require
from expo.checkin.queries.checkpoints import CheckpointRow, get_checkpoint
from expo.checkin.queries.facts import find_facts
from expo.checkin.rules import Direction, Reason, Verdict
from expo.checkin.rules.facts import Judgement
from expo.checkin.rules.judging import judge
from expo.checkin.rules.validation import find_condition
from expo.editions.queries import EditionFacts
from expo.infra.clock import utcnow
from expo.registration.errors import AttendeeMissing
from expo.registration.queries import AttendeeFilter, AttendeeRow, get_attendee, search_attendees
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.choices import as_choices
from expo.web.kit.language import localized
from expo.web.kit.requirement_texts import Refusal, describe_need
from expo.web.kit.rule_sentences import RuleNames, describe_rule, rule_names
from expo.web.kit.scan_labels import EXIT_TEXTS, EXIT_VERDICT_LABELS, REASON_TEXTS, VERDICT_LABELS
from expo.web.kit.text_fields import from_local, moment_field, to_local
from expo.web.organizer.sections import section_blueprint

blueprint = section_blueprint("organizer_try_out", __name__, "/checkpoints", Permission.CHECKPOINTS_MANAGE)

MAX_FOUND = 10
_USUAL_HOUR = time(10)


class TryOutForm(FlaskForm):  # type: ignore[misc]
    """Who, which way, and when. Sent as a query, because it changes nothing."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """Without a token: the form only reads."""

        csrf = False

    q = StringField(_l("Attendee"), description=_l("Name, e-mail, company or code"), validators=[Length(max=200)])
    attendee = HiddenField()
    direction = RadioField(
        _l("Direction"),
        choices=as_choices([(Direction.ENTRY.value, _l("Entry")), (Direction.EXIT.value, _l("Exit"))]),
        default=Direction.ENTRY.value,
    )
    at = moment_field(_l("Time"), _l("In the expo’s time zone."))


@dataclass(frozen=True)
class TryOutResult:
    """The answer that a scan would get, in words."""

    verdict: Verdict
    word: object
    reasons: list[Refusal]
    failed_condition: str
    questions: list[str]


@blueprint.get("/<code>/try")
def try_out(code: str) -> str:
    """Show the verdict for an attendee at a moment, or the attendees found."""
    edition = current_edition()
    require(current_actor(), Permission.ATTENDEES_READ, edition.id)
    door = get_checkpoint(edition.id, code)
    form = TryOutForm(request.args, data={"at": to_local(_usual_moment(edition), edition.zone)})
    form.validate()
    at = from_local(form.at.data, edition.zone) or _usual_moment(edition)
    direction = Direction.EXIT if form.direction.data == Direction.EXIT.value else Direction.ENTRY
    attendee = _find_chosen(edition, form.attendee.data or "")
    words = (form.q.data or "").strip()
    found = search_attendees(edition.id, AttendeeFilter(q=words), limit=MAX_FOUND).rows if words else ()
    if attendee is None and len(found) == 1:
        attendee = found[0]
    if attendee is not None:
        # Sent again with another time, the form finds the same attendee.
        form.q.data = attendee.code
    return render_template(
        "organizer/checkpoints/try.html",
        form=form,
        door=door,
        at=at,
        attendee=attendee,
        found=found if attendee is None else (),
        trial=_judge(edition, door, attendee, direction, at) if attendee else None,
        query={"q": words, "direction": direction.value, "at": request.args.get("at", "")},
    )


def _usual_moment(edition: EditionFacts) -> datetime:
    """Return now during the expo, and otherwise the first morning."""
    now = utcnow()
    if edition.day_range.holds(edition.door_calendar.day_of(now)):
        return now
    return datetime.combine(edition.starts_on, _USUAL_HOUR, edition.zone)


def _find_chosen(edition: EditionFacts, code: str) -> AttendeeRow | None:
    try:
        return get_attendee(edition.id, code) if code else None
    except AttendeeMissing:
        return None


def _judge(
    edition: EditionFacts, door: CheckpointRow, attendee: AttendeeRow, direction: Direction, at: datetime
) -> TryOutResult:
    facts = find_facts(edition, door.code, attendee, direction, at)
    judgement: Judgement = judge(facts)
    verdict = Verdict(judgement["verdict"])
    is_exit = direction is Direction.EXIT
    names = rule_names(edition.id) if judgement["rule_failed"] or judgement["needed"] else None
    failed = judgement["rule_failed"]
    return TryOutResult(
        verdict=verdict,
        word=(EXIT_VERDICT_LABELS if is_exit else VERDICT_LABELS)[verdict],
        reasons=[_describe(Reason(each), direction, judgement, names, facts["day"]) for each in judgement["reasons"]],
        failed_condition=describe_rule(find_condition(door.rule, failed), names)
        if failed and door.rule and names
        else "",
        questions=[localized(each["text"]) for each in door.questions if each["id"] in judgement["questions"]],
    )


def _describe(reason: Reason, direction: Direction, judgement: Judgement, names: RuleNames | None, day: str) -> Refusal:
    """Return the words that the scanner would show for a reason."""
    needed = judgement["needed"]
    if reason is Reason.RULE and needed and names:
        return describe_need(needed, names, date.fromisoformat(day))
    of_exit = EXIT_TEXTS.get(reason) if direction is Direction.EXIT else None
    text = of_exit or REASON_TEXTS[reason]
    return Refusal(str(text.word), str(text.advice))
