"""Assigning proposals to reviewers: evenly, by topic, and never in a conflict of interest. Pure."""

from collections import deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

# (proposal id, reviewer id)
Pair = tuple[int, int]


@dataclass(frozen=True)
class Reviewing:
    """What is to be assigned.

    `proposals` are the tracks by proposal id, `reviewers` the tracks of the team by reviewer id (none: all tracks).
    `barred` pairs are never assigned; `assigned` pairs stay.
    """

    proposals: Mapping[int, str]
    reviewers: Mapping[int, Collection[str]]
    barred: Collection[Pair]
    assigned: Collection[Pair]
    per_proposal: int


def assign(wanted: Reviewing) -> set[Pair]:
    """Return the pairs to add, so that each proposal gets `per_proposal` reviewers as far as there are enough.

    The numbers of proposals per reviewer differ by at most one, as far as conflicts and earlier assignments allow.
    """
    board = _Board(wanted)
    fewest_first = sorted(wanted.proposals, key=lambda each: (len(board.candidates(each)), each))
    for proposal in fewest_first:
        for _place in range(board.lacking(proposal)):
            candidates = board.candidates(proposal)
            if not candidates:
                break
            board.add(proposal, min(candidates, key=lambda each: board.preference(proposal, each)))
    while path := board.find_path():
        board.shift(path)
    return board.added


class _Board:
    """Who reviews what while assigning."""

    def __init__(self, wanted: Reviewing) -> None:
        self._wanted = wanted
        self._barred = set(wanted.barred)
        self.added: set[Pair] = set()
        self._kept = {pair for pair in wanted.assigned if pair not in self._barred}
        self._load = dict.fromkeys(wanted.reviewers, 0)
        for _proposal, reviewer in self._kept:
            if reviewer in self._load:
                self._load[reviewer] += 1
        total = len(wanted.proposals) * wanted.per_proposal
        self._share = -(-total // max(len(wanted.reviewers), 1))

    def candidates(self, proposal: int) -> list[int]:
        """Return the reviewers whom the proposal may get in addition."""
        return [each for each in self._wanted.reviewers if self._is_free((proposal, each))]

    def lacking(self, proposal: int) -> int:
        """Return how many reviewers the proposal still needs."""
        kept = sum(1 for pair in self._kept if pair[0] == proposal)
        return max(self._wanted.per_proposal - kept, 0)

    def preference(self, proposal: int, reviewer: int) -> tuple[bool, bool, int, int]:
        """Return the order of candidates: with room in their share, of the track's team, with the least to do."""
        load = self._load[reviewer]
        return load >= self._share, not self._suits(proposal, reviewer), load, reviewer

    def add(self, proposal: int, reviewer: int) -> None:
        """Assign a proposal."""
        self.added.add((proposal, reviewer))
        self._load[reviewer] += 1

    def find_path(self) -> list[Pair]:
        """Return moves that take a proposal from a reviewer to one who has at least two fewer, or nothing.

        Each pair is a proposal and the reviewer who gives it up; the last one receives the last proposal.
        """
        least = min(self._load.values(), default=0)
        busy = [each for each, load in self._load.items() if load >= least + 2]
        for busiest in sorted(busy, key=lambda each: (-self._load[each], each)):
            came_from: dict[int, Pair] = {}
            queue, seen = deque([busiest]), {busiest}
            while queue:
                giver = queue.popleft()
                for proposal, receiver in self._moves(giver, seen):
                    if receiver in seen:
                        continue
                    seen.add(receiver)
                    came_from[receiver] = (proposal, giver)
                    if self._load[receiver] <= self._load[busiest] - 2:
                        return _walk_back(came_from, receiver, busiest)
                    queue.append(receiver)
        return []

    def shift(self, path: Sequence[Pair]) -> None:
        """Make the moves that `find_path` found."""
        receivers = [giver for _proposal, giver in path[1:]]
        for (proposal, giver), receiver in zip(path[:-1], receivers, strict=True):
            self.added.remove((proposal, giver))
            self._load[giver] -= 1
            self.add(proposal, receiver)

    def _moves(self, giver: int, seen: set[int]) -> list[Pair]:
        own = sorted(proposal for proposal, reviewer in self.added if reviewer == giver)
        moves = [
            (proposal, each)
            for proposal in own
            for each in self._wanted.reviewers
            if each not in seen and self._is_free((proposal, each))
        ]
        return sorted(moves, key=lambda move: not self._suits(*move))

    def _is_free(self, pair: Pair) -> bool:
        return pair not in self._barred and pair not in self._kept and pair not in self.added

    def _suits(self, proposal: int, reviewer: int) -> bool:
        tracks = self._wanted.reviewers[reviewer]
        return not tracks or self._wanted.proposals[proposal] in tracks


def _walk_back(came_from: Mapping[int, Pair], last: int, first: int) -> list[Pair]:
    """Return the moves from `first` to `last`; the final pair names only the last receiver."""
    path: list[Pair] = [(0, last)]
    at = last
    while at != first:
        path.append(came_from[at])
        at = came_from[at][1]
    return path[::-1]
