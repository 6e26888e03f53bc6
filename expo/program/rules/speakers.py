"""The values of a speaker that organizers enter. Pure."""

from dataclasses import dataclass

from expo.errors import Invalid
from expo.program.rules.texts import Link, Texts, check_links, check_texts
from expo.pure.periods import Period, check_periods

MAX_NAME_LENGTH = 200
MAX_BIOGRAPHY_LENGTH = 30_000


@dataclass(frozen=True)
class SpeakerRequest:
    """The requested values of a speaker; the photo is stored separately."""

    name: Texts
    biography: Texts
    links: tuple[Link, ...] = ()
    unavailable: tuple[Period, ...] = ()
    # Never public; checked by the service.
    email: str = ""


def check_speaker(request: SpeakerRequest) -> SpeakerRequest:
    """Return the request with cleaned values. Raises Invalid with the field that is wrong."""
    name = check_texts(request.name, "name", MAX_NAME_LENGTH)
    if not any(char.isalnum() for text in name.values() for char in text):
        raise Invalid("name_empty", field="name")
    return SpeakerRequest(
        name=name,
        biography=check_texts(request.biography, "biography", MAX_BIOGRAPHY_LENGTH, is_long=True),
        links=check_links(request.links, "links"),
        unavailable=check_periods(request.unavailable, "unavailable"),
        email=request.email.strip(),
    )
