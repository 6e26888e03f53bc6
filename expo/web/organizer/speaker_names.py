"""Names that identify speakers in a list to choose from."""

from collections import Counter

from expo.program.queries import SpeakerRow
from expo.web.kit.language import localized


def label_speakers(speakers: list[SpeakerRow]) -> dict[str, str]:
    """Return the slugs of speakers by a label that identifies each: the name, with the slug if others share it."""
    counts = Counter(localized(each.name) for each in speakers)
    labels = {}
    for each in speakers:
        name = localized(each.name)
        labels[name if counts[name] == 1 else f"{name} ({each.slug})"] = each.slug
    return labels
