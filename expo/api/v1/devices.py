"""The devices of an edition and their state, for organizers."""

from pydantic import AwareDatetime, Field

from expo.accounts.rules import Permission
from expo.api.authentication import Call
from expo.api.pagination import read_cursor, write_cursor
from expo.api.schemas import Page, PageQuery, Schema
from expo.api.v1.version import v1
from expo.checkin.queries.devices import list_devices
from expo.checkin.rules.devices import DeviceState, Profile


class DeviceOut(Schema):
    """A device, and what it last said about itself."""

    id: int
    name: str
    profile: Profile
    state: DeviceState
    checkpoints: list[str] = Field(description="Codes of the checkpoints it may scan at; empty for all")
    checkpoint: str | None = Field(description="Code of the checkpoint it scans at")
    last_seen_at: AwareDatetime | None
    battery: int | None = Field(description="In per cent")
    version: str
    queue: int = Field(description="Number of scans that wait to be sent")
    oldest_queued_at: AwareDatetime | None
    skew_ms: int | None = Field(description="How far its clock is ahead, in milliseconds")
    enrolled_at: AwareDatetime | None
    revoked_at: AwareDatetime | None


@v1.route("GET", "/devices", group="Doors", permission=Permission.CHECKPOINTS_MANAGE)
def get_devices(call: Call, query: PageQuery) -> Page[DeviceOut]:
    """List devices."""
    after = read_cursor(query.cursor) or 0
    rows = sorted((row for row in list_devices(call.edition_id) if row.id > after), key=lambda row: row.id)
    page = rows[: query.limit]
    return Page[DeviceOut](
        items=[
            DeviceOut(
                id=row.id,
                name=row.name,
                profile=row.profile,
                state=row.state_at(call.now),
                checkpoints=list(row.checkpoints),
                checkpoint=row.checkpoint,
                last_seen_at=row.last_seen_at,
                battery=row.battery,
                version=row.version,
                queue=row.queue_length,
                oldest_queued_at=row.oldest_queued_at,
                skew_ms=row.skew_ms,
                enrolled_at=row.enrolled_at,
                revoked_at=row.revoked_at,
            )
            for row in page
        ],
        next=write_cursor(page[-1].id) if len(rows) > query.limit else None,
    )
