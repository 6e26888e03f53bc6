"""What a review must contain, and the ranking that follows from reviews. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean, pstdev

from expo.errors import Invalid
from expo.proposals.rules.rounds import HIGHEST_SCORE, LOWEST_SCORE, Criterion

MAX_COMMENT_LENGTH = 4_000
# The score of the ranking where every criterion has its highest score; the lowest is 0.
BEST = 100.0


@dataclass(frozen=True)
class ReviewRequest:
    """A review as a reviewer enters it. Abstentions and conflicts of interest have no scores."""

    scores: Mapping[str, int] = field(default_factory=dict)
    comment: str = ""
    is_abstention: bool = False
    has_conflict: bool = False

    @property
    def is_counted(self) -> bool:
        """Whether its scores count in the ranking."""
        return not self.is_abstention and not self.has_conflict


@dataclass(frozen=True)
class Ranking:
    """The score of a proposal from 0 to 100, how far its reviews are apart, and how many there are."""

    score: float | None = None
    spread: float = 0.0
    reviews: int = 0


def check_review(request: ReviewRequest, criteria: Sequence[Criterion]) -> None:
    """Accept a review: every criterion scored, unless it abstains or declares a conflict. Raises Invalid."""
    if len(request.comment) > MAX_COMMENT_LENGTH:
        raise Invalid("text_too_long", field="comment", maximum=MAX_COMMENT_LENGTH)
    if not request.is_counted:
        return
    for each in criteria:
        if not LOWEST_SCORE <= request.scores.get(each.key, 0) <= HIGHEST_SCORE:
            raise Invalid("score_missing", field=each.key)


def score_of(scores: Mapping[str, int], criteria: Sequence[Criterion]) -> float | None:
    """Return the weighted mean of one review from 0 to 100, over the criteria that it scored."""
    scored = [each for each in criteria if each.key in scores]
    total = sum(each.weight for each in scored)
    if not total:
        return None
    span = HIGHEST_SCORE - LOWEST_SCORE
    return BEST * sum(each.weight * (scores[each.key] - LOWEST_SCORE) / span for each in scored) / total


def rank(reviews: Sequence[ReviewRequest], criteria: Sequence[Criterion]) -> Ranking:
    """Return the mean of the reviews that count, and their standard deviation."""
    scores = [score_of(each.scores, criteria) for each in reviews if each.is_counted]
    known = [each for each in scores if each is not None]
    return Ranking(fmean(known), pstdev(known), len(known)) if known else Ranking()


@dataclass(frozen=True)
class ReviewFigures:
    """Figures of the proposals that have something in common, such as the track."""

    proposals: int
    accepted: int
    mean_score: float | None


def summarize(proposals: Sequence[tuple[str, bool, float | None]]) -> dict[str, ReviewFigures]:
    """Return figures by value, the most frequent first; each proposal is (value, whether accepted, score)."""
    groups: dict[str, list[tuple[bool, float | None]]] = {}
    for value, is_accepted, score in proposals:
        groups.setdefault(value, []).append((is_accepted, score))
    figures = {}
    for value, members in sorted(groups.items(), key=lambda group: (-len(group[1]), group[0])):
        scores = [score for _accepted, score in members if score is not None]
        figures[value] = ReviewFigures(
            len(members), sum(accepted for accepted, _score in members), fmean(scores) if scores else None
        )
    return figures
