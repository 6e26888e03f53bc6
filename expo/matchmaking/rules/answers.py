"""How readily those who are asked say yes, from the answers to requests. Pure.

An answer depends on who asks and on who is asked: a yes from somebody who accepts everybody says little about the one
who asked, and a no to somebody whom all refuse says little about the one who was asked. So both are estimated together,
each shrunk towards the average the less is known (the additive baseline of Koren, Bell and Volinsky, "Matrix
factorization techniques for recommender systems", 2009; shrinkage: Robinson, "That BLUP is a good thing", 1991).
`bench/dating_methods.py` measures it on real evenings.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from expo.matchmaking.rules.vectors import Floats, Integers

# Answers of the average that everybody is assumed to have got and given besides those that are known.
ANSWERS_AHEAD = 2.0
# The rounds converge within a few turns, because of the answers ahead.
_ROUNDS = 30


@dataclass(frozen=True)
class Effects:
    """What an answer is made of: the average, how wanted the asking are, and how readily the asked accept."""

    mean: float
    wanted: npt.NDArray[np.float64]
    ready: npt.NDArray[np.float64]


def split_answers(
    asking: Integers,
    asked: Integers,
    answers: npt.NDArray[np.float64],
    counts: tuple[int, int],
    ahead: float = ANSWERS_AHEAD,
) -> Effects:
    """Split answers into an effect of each that asks and of each that is asked; both are 0 where nothing is known.

    `asking` and `asked` have the numbers of both for each answer, below `counts`.
    """
    wanted, ready = np.zeros(counts[0]), np.zeros(counts[1])
    if not len(answers):
        return Effects(0.0, wanted, ready)
    mean = float(answers.mean())
    rest = answers - mean
    got, gave = np.bincount(asking, minlength=counts[0]) + ahead, np.bincount(asked, minlength=counts[1]) + ahead
    for _ in range(_ROUNDS):
        wanted = np.bincount(asking, rest - ready[asked], counts[0]) / got
        ready = np.bincount(asked, rest - wanted[asking], counts[1]) / gave
    return Effects(mean, wanted, ready)


def willingness(answers: Iterable[tuple[object, int, bool]], targets: int) -> Floats:
    """Return how readily each target accepts, 0 to 1, from (who asked, row of the target, accepted); average is ½."""
    known = list(answers)
    numbers: dict[object, int] = {}
    asking = np.fromiter((numbers.setdefault(who, len(numbers)) for who, _, _ in known), np.int64, len(known))
    asked = np.fromiter((row for _, row, _ in known), np.int64, len(known))
    yes = np.fromiter((accepted for _, _, accepted in known), np.float64, len(known))
    ready = split_answers(asking, asked, yes, (len(numbers), targets)).ready
    return np.asarray(np.clip(0.5 + ready / 2, 0, 1), np.float32)
