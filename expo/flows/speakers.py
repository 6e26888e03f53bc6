"""Create and change speakers together with their photos."""

from datetime import datetime

from expo.accounts.rules import Actor, Permission, require
from expo.infra.db import atomic, retried
from expo.infra.photos import crop_photo
from expo.program import services
from expo.program.rules import SpeakerRequest


@retried
def create_speaker(
    actor: Actor, edition_id: int, request: SpeakerRequest, uploaded: bytes | None, now: datetime
) -> str:
    """Create a speaker, with an uploaded photo if there is one, and return the slug. Raises Invalid."""
    photo = crop_photo(uploaded) if uploaded is not None else None
    with atomic():
        slug = services.create_speaker(actor, edition_id, request, now)
        services.set_speaker_photo(actor, edition_id, slug, photo, now)
        return slug


@retried
def change_speaker(
    actor: Actor,
    edition_id: int,
    slug: str,
    request: SpeakerRequest,
    version: str | None,
    uploaded: bytes | None,
    now: datetime,
    *,
    removes_photo: bool = False,
) -> None:
    """Change a speaker and replace or remove the photo. Raises SpeakerMissing, Invalid or Outdated."""
    photo = crop_photo(uploaded) if uploaded is not None else None
    with atomic():
        services.change_speaker(actor, edition_id, slug, request, version, now)
        if photo or removes_photo:
            services.set_speaker_photo(actor, edition_id, slug, photo, now)


@retried
def set_photo(
    actor: Actor, edition_id: int, slug: str, uploaded: bytes | None, version: str | None, now: datetime
) -> None:
    """Replace the photo of a speaker, or remove it with None. Raises SpeakerMissing, Invalid or Outdated."""
    require(actor, Permission.PROGRAM_MANAGE, edition_id)
    photo = crop_photo(uploaded) if uploaded is not None else None
    services.set_speaker_photo(actor, edition_id, slug, photo, now, version)
