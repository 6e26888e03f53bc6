"""Who may be recommended to whom, as plain values. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class TargetKind(StrEnum):
    """What can be recommended."""

    EXHIBITOR = "exhibitor"
    ATTENDEE = "attendee"
    SESSION = "session"


class Facet(StrEnum):
    """What parties can have in common besides topics."""

    INDUSTRY = "industry"
    REGION = "region"
    LANGUAGE = "language"
    PURPOSE = "purpose"


@dataclass(frozen=True)
class Party:
    """A person, company or session with what it offers and seeks; a weight says how sure a topic is."""

    id: int
    offers: Mapping[str, float] = field(default_factory=dict)
    seeks: Mapping[str, float] = field(default_factory=dict)
    industries: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    # BCP 47, without regions.
    languages: frozenset[str] = frozenset()
    purposes: frozenset[str] = frozenset()

    def facet(self, facet: Facet) -> frozenset[str]:
        """Return the codes of one facet."""
        return {
            Facet.INDUSTRY: self.industries,
            Facet.REGION: self.regions,
            Facet.LANGUAGE: self.languages,
            Facet.PURPOSE: self.purposes,
        }[facet]


# The purposes that answer each other: who wants the first looks for people who want one of the second.
ANSWERS: Mapping[str, frozenset[str]] = {
    "buy": frozenset({"sell"}),
    "sell": frozenset({"buy", "distribute"}),
    "distribute": frozenset({"sell"}),
    "invest": frozenset({"raise"}),
    "raise": frozenset({"invest"}),
    "hire": frozenset({"work"}),
    "work": frozenset({"hire"}),
    "partner": frozenset({"partner"}),
    "research": frozenset({"research", "partner"}),
    "learn": frozenset({"teach"}),
    "teach": frozenset({"learn"}),
    "network": frozenset({"network"}),
}
