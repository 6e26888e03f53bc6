"""Why somebody is recommended, in codes that pages put into words. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from expo.matchmaking.rules.parties import ANSWERS, Party
from expo.pure.topics import TopicList


class ReasonKind(StrEnum):
    """What speaks for a recommendation, in the order in which reasons are given."""

    SHARED = "shared"  # a topic that the viewer seeks and the other offers
    WANTED = "wanted"  # a topic that the other seeks and the viewer offers
    ALIKE = "alike"  # a topic that both seek
    RELATED = "related"  # a topic near one that the viewer seeks
    SIMILAR = "similar"  # like what the viewer chose before
    PURPOSE = "purpose"
    INDUSTRY = "industry"
    REGION = "region"
    LANGUAGE = "language"
    QUIET = "quiet"  # the other states no topic, and is shown less often than those who do


TOPICAL_REASONS = frozenset({ReasonKind.SHARED, ReasonKind.WANTED, ReasonKind.ALIKE, ReasonKind.RELATED})


@dataclass(frozen=True)
class Reason:
    """One reason: its kind, and the code of the topic, industry, region, language or purpose."""

    kind: ReasonKind
    code: str = ""


def explain(viewer: Party, target: Party, topics: TopicList, *, is_similar: bool = False) -> tuple[Reason, ...]:
    """Return the reasons, strongest first."""
    if not any(code in topics.by_code for code in (*target.offers, *target.seeks)):
        return (Reason(ReasonKind.QUIET), *_in_common(viewer, target))
    shared = _strongest(viewer.seeks.keys() & target.offers.keys(), target.offers)
    wanted = _strongest(target.seeks.keys() & viewer.offers.keys(), target.seeks)
    alike = _strongest(viewer.seeks.keys() & target.seeks.keys(), target.seeks)
    near = _near(viewer.seeks, target.offers.keys() - set(shared), topics)
    found = [
        *(Reason(ReasonKind.SHARED, code) for code in shared),
        *(Reason(ReasonKind.WANTED, code) for code in wanted),
        *(Reason(ReasonKind.ALIKE, code) for code in alike),
        *(Reason(ReasonKind.RELATED, code) for code in _strongest(near, target.offers)),
    ]
    if is_similar:
        found.append(Reason(ReasonKind.SIMILAR))
    return (*found, *_in_common(viewer, target))


def _in_common(viewer: Party, target: Party) -> Iterator[Reason]:
    """Yield what both have in common besides topics."""
    answers = frozenset[str]().union(*(ANSWERS.get(each, frozenset()) for each in viewer.purposes))
    for kind, codes in (
        (ReasonKind.PURPOSE, answers & target.purposes),
        (ReasonKind.INDUSTRY, viewer.industries & target.industries),
        (ReasonKind.REGION, viewer.regions & target.regions),
        (ReasonKind.LANGUAGE, viewer.languages & target.languages),
    ):
        yield from (Reason(kind, code) for code in sorted(codes))


def _near(seeks: Iterable[str], offers: Iterable[str], topics: TopicList) -> set[str]:
    """Return what is offered in the families of what is sought, or else in its groups."""
    sought = [topics.by_code[code] for code in seeks if code in topics.by_code]
    families = {each.parent or each.code for each in sought}
    groups = {each.group for each in sought}
    known = [topics.by_code[code] for code in offers if code in topics.by_code]
    in_family = {each.code for each in known if (each.parent or each.code) in families}
    return in_family or {each.code for each in known if each.group in groups}


def _strongest(codes: Iterable[str], weights: Mapping[str, float]) -> list[str]:
    return sorted(codes, key=lambda code: (-weights[code], code))
