"""What a call offers to choose from: the types and tracks of the programme, and the languages of the edition."""

from dataclasses import dataclass

from expo.editions.queries import EditionFacts
from expo.program.queries import list_tracks, list_types
from expo.proposals.queries import CallRow
from expo.proposals.rules import Offer


@dataclass(frozen=True)
class OfferedTexts:
    """What may be chosen, in order, with the names: pairs of code and texts."""

    kinds: tuple[tuple[str, dict[str, str]], ...]
    tracks: tuple[tuple[str, dict[str, str]], ...]
    languages: tuple[str, ...]

    def to_offer(self) -> Offer:
        """Return the codes alone."""
        return Offer(
            kinds=tuple(code for code, _ in self.kinds),
            tracks=tuple(slug for slug, _ in self.tracks),
            languages=self.languages,
        )


def list_offered(edition: EditionFacts, call: CallRow | None = None) -> OfferedTexts:
    """Return what a call offers; without a call, what the edition has."""
    kinds = tuple((each.code, each.name) for each in list_types(edition.id) if not each.is_break)
    tracks = tuple((each.slug, each.name) for each in list_tracks(edition.id))
    if call is None:
        return OfferedTexts(kinds, tracks, edition.languages)
    return OfferedTexts(
        kinds=tuple(each for each in kinds if not call.kinds or each[0] in call.kinds),
        tracks=tuple(each for each in tracks if not call.tracks or each[0] in call.tracks),
        languages=call.languages or edition.languages,
    )
