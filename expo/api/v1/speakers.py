"""One speaker, public or not: read, create, duplicate, change, remove from all sessions, delete."""

from dataclasses import replace
from http import HTTPStatus

from pydantic import Field

from expo.accounts.rules import Permission
from expo.api.authentication import Call
from expo.api.schemas import (
    Deleted,
    DeleteQuery,
    LinkIn,
    LinkOut,
    PeriodIn,
    PeriodOut,
    Schema,
    Texts,
    TextsIn,
    example,
)
from expo.api.v1.version import v1
from expo.flows.speakers import set_photo
from expo.infra.photos import MAX_BYTES
from expo.program.queries import SpeakerPage, get_any_speaker, get_speaker_for, list_all_speakers
from expo.program.rules import Link, SpeakerRequest
from expo.program.services import change_speaker, create_speaker, delete_speaker, remove_from_sessions
from expo.pure.copies import name_copy
from expo.pure.periods import Period

GROUP = "Programme"
PHOTO_TYPES = ("image/jpeg", "image/png", "image/webp")


class SpeakerChangeIn(Schema):
    """The fields to change; omitted ones stay unchanged. Texts and lists are replaced as a whole."""

    model_config = example(name={"en": "Li Lei", "zh": "李雷"}, biography={"en": "Works on open data."})

    name: TextsIn = Field(default_factory=dict)
    biography: TextsIn = Field(default_factory=dict, description="Markdown")
    links: list[LinkIn] = Field(default_factory=list)
    unavailable: list[PeriodIn] = Field(default_factory=list)
    email: str = Field(default="", description="For a ticket; never shown, not even in responses", max_length=320)


class SpeakerIn(SpeakerChangeIn):
    """A new speaker, who becomes public with a first public session."""

    name: TextsIn


class SpeakerDetailOut(Schema):
    """A speaker, public or not."""

    id: str
    version: str = Field(description="Also the ETag; send it as If-Match with a change")
    name: Texts
    biography: Texts
    links: list[LinkOut]
    unavailable: list[PeriodOut]
    has_photo: bool
    is_public: bool
    sessions: list[str] = Field(description="Ids of sessions")


@v1.route("GET", "/speakers/<id>", group=GROUP, permission=Permission.PROGRAM_READ)
def get_one_speaker(call: Call, id: str) -> SpeakerDetailOut:  # noqa: A002 - the name in the address
    """Get a speaker. Those who are not public yet, and when a speaker is unavailable, require `program.manage`."""
    return _out(get_speaker_for(call.actor, call.edition_id, id))


@v1.route("POST", "/speakers", group=GROUP, permission=Permission.PROGRAM_MANAGE, status=HTTPStatus.CREATED)
def post_speaker(call: Call, body: SpeakerIn) -> SpeakerDetailOut:
    """Create a speaker."""
    slug = create_speaker(call.actor, call.edition_id, _to_request(body, None), call.now)
    return _out(get_any_speaker(call.edition_id, slug))


@v1.route(
    "POST",
    "/speakers/<id>/duplicate",
    group=GROUP,
    permission=Permission.PROGRAM_MANAGE,
    status=HTTPStatus.CREATED,
)
def post_copy_of_speaker(call: Call, id: str, body: SpeakerChangeIn) -> SpeakerDetailOut:  # noqa: A002 - as above
    """Create a speaker with the values of another, except for those in the body.

    Photo, e-mail address, account and sessions are not copied. Without a name, the copy is numbered.
    """
    before = get_any_speaker(call.edition_id, id)
    name = name_copy(before.name, [each.name for each in list_all_speakers(call.edition_id)])
    request = _to_request(body, replace(before, name=name, email=""))
    slug = create_speaker(call.actor, call.edition_id, request, call.now)
    return _out(get_any_speaker(call.edition_id, slug))


@v1.route(
    "POST",
    "/speakers/<id>/cancel",
    group=GROUP,
    permission=Permission.PROGRAM_MANAGE,
    refusals=(HTTPStatus.CONFLICT,),
)
def post_cancellation_of_speaker(
    call: Call,
    id: str,  # noqa: A002 - as above
    version: str | None,
) -> SpeakerDetailOut:
    """Remove a speaker who no longer takes part from all sessions.

    The sessions stay. The speaker is no longer public. 409 `speaker_without_sessions` if they have none.
    """
    remove_from_sessions(call.actor, call.edition_id, id, version, call.now)
    return _out(get_any_speaker(call.edition_id, id))


@v1.route("PATCH", "/speakers/<id>", group=GROUP, permission=Permission.PROGRAM_MANAGE)
def patch_speaker(
    call: Call,
    id: str,  # noqa: A002 - the name in the address
    body: SpeakerChangeIn,
    version: str | None,
) -> SpeakerDetailOut:
    """Update a speaker."""
    before = get_any_speaker(call.edition_id, id)
    change_speaker(call.actor, call.edition_id, id, _to_request(body, before), version, call.now)
    return _out(get_any_speaker(call.edition_id, id))


@v1.route(
    "DELETE",
    "/speakers/<id>",
    group=GROUP,
    permission=Permission.PROGRAM_MANAGE,
    refusals=(HTTPStatus.CONFLICT,),
)
def remove_speaker(
    call: Call,
    id: str,  # noqa: A002 - the name in the address
    query: DeleteQuery,
    version: str | None,
) -> Deleted:
    """Delete a speaker. 409 `speaker_in_use` if they have sessions, unless `cascade` is true."""
    delete_speaker(call.actor, call.edition_id, id, version, call.now, with_uses=query.cascade)
    return Deleted(id=id)


@v1.route(
    "PUT",
    "/speakers/<id>/photo",
    group=GROUP,
    permission=Permission.PROGRAM_MANAGE,
    body_limit=MAX_BYTES,
    media_types=PHOTO_TYPES,
)
def put_photo(
    call: Call,
    id: str,  # noqa: A002 - the name in the address
    content: bytes,
    version: str | None,
) -> SpeakerDetailOut:
    """Set the photo of a speaker: a JPEG, PNG or WebP of at most 40 megapixels.

    It is cropped to a square and encoded again, without metadata. 422 `photo_invalid` if the content is something else.
    """
    set_photo(call.actor, call.edition_id, id, content, version, call.now)
    return _out(get_any_speaker(call.edition_id, id))


@v1.route("DELETE", "/speakers/<id>/photo", group=GROUP, permission=Permission.PROGRAM_MANAGE)
def remove_photo(call: Call, id: str, version: str | None) -> SpeakerDetailOut:  # noqa: A002 - as above
    """Remove the photo of a speaker."""
    set_photo(call.actor, call.edition_id, id, None, version, call.now)
    return _out(get_any_speaker(call.edition_id, id))


def _to_request(body: SpeakerChangeIn, before: SpeakerPage | None) -> SpeakerRequest:
    """Return the requested values: those of the body, and otherwise those of before."""
    given = body.model_fields_set
    links = tuple(Link(each.url, each.title) for each in body.links)
    periods = tuple(Period(each.start, each.end) for each in body.unavailable)
    if before is None:
        return SpeakerRequest(body.name, body.biography, links, periods, body.email)
    return SpeakerRequest(
        name=body.name if "name" in given else before.name,
        biography=body.biography if "biography" in given else before.biography,
        links=links if "links" in given else tuple(Link(each["url"], each.get("title", "")) for each in before.links),
        unavailable=periods if "unavailable" in given else before.unavailable,
        email=body.email if "email" in given else before.email,
    )


def _out(speaker: SpeakerPage) -> SpeakerDetailOut:
    return SpeakerDetailOut(
        id=speaker.slug,
        version=speaker.version,
        name=speaker.name,
        biography=speaker.biography,
        links=[LinkOut(url=each["url"], title=each.get("title", "")) for each in speaker.links],
        unavailable=[PeriodOut(start=each.start, end=each.end) for each in speaker.unavailable],
        has_photo=speaker.photo_key is not None,
        is_public=speaker.is_public,
        sessions=[each.slug for each in speaker.sessions],
    )
