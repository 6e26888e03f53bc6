"""The values of a track that organizers enter. Pure."""

from dataclasses import dataclass

from expo.errors import Invalid
from expo.program.rules.texts import Texts, check_texts

MAX_NAME_LENGTH = 200


@dataclass(frozen=True)
class TrackRequest:
    """The requested values of a track."""

    name: Texts


def check_track(request: TrackRequest) -> TrackRequest:
    """Return the request with a cleaned name. Raises Invalid."""
    name = check_texts(request.name, "name", MAX_NAME_LENGTH)
    if not name:
        raise Invalid("name_empty", field="name")
    return TrackRequest(name)
