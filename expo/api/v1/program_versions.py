"""The timetable: what the draft would change, published versions, publishing, rolling back."""

from collections.abc import Sequence
from http import HTTPStatus

from pydantic import AwareDatetime, Field

from expo.accounts.rules import Permission
from expo.api.authentication import Call
from expo.api.pagination import read_cursor, write_cursor
from expo.api.schemas import Moment, Page, PageQuery, Schema, Text, Texts, example
from expo.api.v1.version import v1
from expo.flows.publishing import (
    NoticeCounts,
    count_notices,
    count_open_notices,
    notify_of_version,
    publish_program,
    roll_back,
)
from expo.program.errors import VersionMissing
from expo.program.queries import (
    ChangeNames,
    VersionRow,
    compare_draft,
    get_timetable,
    get_version,
    list_versions,
    name_changes,
)
from expo.program.rules.timetable import Slot
from expo.program.rules.versions import ChangeKind, VersionChange
from expo.program.services import plan_publication

GROUP = "Programme"
# More digits than any number of versions has.
MAX_DIGITS = 9


class SlotOut(Schema):
    """A time and a room."""

    starts_at: AwareDatetime
    ends_at: AwareDatetime
    room: Texts | None = Field(description="The name of the room; null if it is open or has been deleted")


class TimetableChangeOut(Schema):
    """A change of one session between two versions."""

    kind: ChangeKind
    session: str | None = Field(description="Id of the session; null if it has been deleted")
    title: Texts
    before: SlotOut | None
    after: SlotOut | None
    speakers_before: list[Texts] = Field(description="Only if the speakers changed")
    speakers_after: list[Texts]


class VersionOut(Schema):
    """A published version of the timetable."""

    number: int
    label: str
    published_at: AwareDatetime
    counts: dict[ChangeKind, int] = Field(description="The number of changes of each kind")


class VersionDetailOut(VersionOut):
    """A published version with what it changed."""

    changes: list[TimetableChangeOut]


class NoticesOut(Schema):
    """How many people get an e-mail; of a draft, if it were published now."""

    speakers: int = Field(description="Present and former speakers of the sessions")
    attendees: int = Field(description="Others with the sessions on their schedule, or a seat")


class PlanOut(Schema):
    """How the draft will be published."""

    publish_at: AwareDatetime
    label: str
    notify: bool = Field(description="Whether the people affected by the changes get an e-mail")


class DraftOut(Schema):
    """The draft timetable, compared with the published one."""

    revision: int = Field(description="Send it when publishing, so that you publish only what you have seen")
    publish_at: AwareDatetime | None = Field(description="When it will be published; null if that is not planned")
    plan: PlanOut | None
    notices: NoticesOut
    changes: list[TimetableChangeOut]


class PublishIn(Schema):
    """How to publish the draft."""

    model_config = example(label="Rooms of day two", revision=42)

    label: Text = Field("", description="Shown with the changes")
    revision: int | None = Field(None, ge=0, description="The revision that you have seen; omit it for any")
    notify: bool = Field(True, description="E-mail the people affected by the changes")


class PlanIn(Schema):
    """When and how to publish the draft."""

    label: Text = Field("", description="Shown with the changes")
    notify: bool = Field(True, description="E-mail the people affected by the changes")
    publish_at: Moment | None = Field(description="In the future; null cancels the plan")


class RollBackIn(Schema):
    """How to publish an earlier version again."""

    model_config = example(label="Back to the rooms of Monday")

    label: Text = Field("", description="Shown with the changes")
    notify: bool = Field(True, description="E-mail the people affected by the changes")


@v1.route("GET", "/program/draft", group=GROUP, permission=Permission.PROGRAM_MANAGE)
def get_draft(call: Call) -> DraftOut:
    """Get what publishing the draft would change."""
    return _draft_out(call.edition_id)


@v1.route("POST", "/program/draft/plan", group=GROUP, permission=Permission.PROGRAM_MANAGE)
def post_plan(call: Call, body: PlanIn) -> DraftOut:
    """Publish the draft at a time, as it is then. 422 `publish_at_past`."""
    plan_publication(call.actor, call.edition_id, body.publish_at, call.now, label=body.label, notify=body.notify)
    return _draft_out(call.edition_id)


@v1.route("GET", "/program/versions", group=GROUP, permission=Permission.PROGRAM_MANAGE)
def get_versions(call: Call, query: PageQuery) -> Page[VersionOut]:
    """List published versions of the timetable, the first one first."""
    after = read_cursor(query.cursor) or 0
    rows = [row for row in reversed(list_versions(call.edition_id)) if row.number > after]
    page = rows[: query.limit]
    return Page[VersionOut](
        items=[
            VersionOut(number=row.number, label=row.label, published_at=row.published_at, counts=row.counts)
            for row in page
        ],
        next=write_cursor(page[-1].number) if len(rows) > query.limit else None,
    )


@v1.route("GET", "/program/versions/<number>", group=GROUP, permission=Permission.PROGRAM_MANAGE)
def get_one_version(call: Call, number: str) -> VersionDetailOut:
    """Get a version and what it changed."""
    return _version_out(get_version(call.edition_id, _read_number(number)))


@v1.route(
    "POST",
    "/program/versions",
    group=GROUP,
    permission=Permission.PROGRAM_MANAGE,
    status=HTTPStatus.CREATED,
    refusals=(HTTPStatus.CONFLICT,),
)
def post_version(call: Call, body: PublishIn) -> VersionDetailOut:
    """Publish the draft as the next version.

    409 `timetable_changed` if its revision has changed since, `timetable_unchanged` if nothing would change.
    """
    published = publish_program(
        call.actor, call.edition_id, body.label, call.now, revision=body.revision, notify=body.notify
    )
    return _version_out(get_version(call.edition_id, published.number))


@v1.route(
    "POST",
    "/program/versions/<number>/restore",
    group=GROUP,
    permission=Permission.PROGRAM_MANAGE,
    status=HTTPStatus.CREATED,
    refusals=(HTTPStatus.CONFLICT,),
)
def post_restored_version(call: Call, number: str, body: RollBackIn) -> VersionDetailOut:
    """Publish the rooms and times of an earlier version as a new one.

    409 `timetable_unchanged` if they are the same.
    """
    wanted = _read_number(number)
    published = roll_back(call.actor, call.edition_id, wanted, body.label, call.now, notify=body.notify)
    return _version_out(get_version(call.edition_id, published.number))


@v1.route(
    "POST",
    "/program/versions/<number>/notify",
    group=GROUP,
    permission=Permission.PROGRAM_MANAGE,
    status=HTTPStatus.ACCEPTED,
    refusals=(HTTPStatus.CONFLICT,),
)
def post_notices(call: Call, number: str) -> NoticesOut:
    """E-mail the people whom the latest version concerns and who have no e-mail about it.

    Such as after an import, or if it was published without `notify`. 409 `version_superseded` for an earlier version.
    """
    version = get_version(call.edition_id, _read_number(number))
    notices = count_open_notices(version)
    notify_of_version(call.actor, call.edition_id, version.number, call.now)
    return _notices_out(notices or NoticeCounts(0, 0))


def _read_number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= MAX_DIGITS):
        raise VersionMissing
    return int(text)


def _draft_out(edition_id: int) -> DraftOut:
    timetable, changes = get_timetable(edition_id), compare_draft(edition_id)
    plan = None
    if timetable.publish_at is not None:
        plan = PlanOut(publish_at=timetable.publish_at, label=timetable.publish_label, notify=timetable.publish_notify)
    return DraftOut(
        revision=timetable.revision,
        publish_at=timetable.publish_at,
        plan=plan,
        notices=_notices_out(count_notices(edition_id, changes)),
        changes=_changes_out(edition_id, changes),
    )


def _notices_out(counts: NoticeCounts) -> NoticesOut:
    return NoticesOut(speakers=counts.speakers, attendees=counts.attendees)


def _version_out(row: VersionRow) -> VersionDetailOut:
    return VersionDetailOut(
        number=row.number,
        label=row.label,
        published_at=row.published_at,
        counts=row.counts,
        changes=_changes_out(row.edition_id, row.changes),
    )


def _changes_out(edition_id: int, changes: Sequence[VersionChange]) -> list[TimetableChangeOut]:
    names = name_changes(edition_id, changes, with_drafts=True)
    return [
        TimetableChangeOut(
            kind=each.kind,
            session=names.slugs.get(each.session_id),
            title=each.title,
            before=_slot_out(each.before, names),
            after=_slot_out(each.after, names),
            speakers_before=[names.speakers[one] for one in each.speakers_before if one in names.speakers],
            speakers_after=[names.speakers[one] for one in each.speakers_after if one in names.speakers],
        )
        for each in changes
    ]


def _slot_out(slot: Slot | None, names: ChangeNames) -> SlotOut | None:
    if slot is None:
        return None
    room = names.rooms.get(slot.room_id) if slot.room_id is not None else None
    return SlotOut(starts_at=slot.starts_at, ends_at=slot.ends_at, room=room)
