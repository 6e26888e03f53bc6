"""What people did, and what it tells about their taste. Pure.

A taste is the mean of what was chosen less a share of the mean of what was refused (Rocchio, "Relevance feedback in
information retrieval", 1971).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import numpy as np

from expo.matchmaking.rules.parties import TargetKind
from expo.matchmaking.rules.vectors import Floats


class SignalKind(StrEnum):
    """What somebody did about a company, person or session."""

    STARRED = "starred"
    VISITED = "visited"
    SCANNED = "scanned"
    RATED_WELL = "rated_well"
    REQUESTED = "requested"
    MET = "met"
    REFUSED = "refused"
    DISMISSED = "dismissed"


# How much an act says; visits also happen by chance, requests do not.
STRENGTH: Mapping[SignalKind, float] = {
    SignalKind.STARRED: 1.0,
    SignalKind.VISITED: 0.5,
    SignalKind.SCANNED: 0.8,
    SignalKind.RATED_WELL: 1.0,
    SignalKind.REQUESTED: 1.2,
    SignalKind.MET: 1.5,
    SignalKind.REFUSED: -1.0,
    SignalKind.DISMISSED: -1.0,
}
# The share of what was refused, as usual for Rocchio's method: refusals have many causes.
REFUSED_SHARE = 0.25
# After these, the target is not recommended again.
SETTLED = frozenset({SignalKind.REFUSED, SignalKind.DISMISSED, SignalKind.REQUESTED, SignalKind.MET})


@dataclass(frozen=True)
class Signal:
    """One act of an attendee about a target."""

    attendee_id: int
    target_kind: TargetKind
    target_id: int
    kind: SignalKind
    at: datetime


def learn_taste(signals: Iterable[Signal], offers: Mapping[tuple[TargetKind, int], Floats], width: int) -> Floats:
    """Return the taste of one person as a vector of length 1, or 0 if nothing is known.

    `offers` has the vectors of what the targets offer; signals about other targets are left out.
    """
    sums = {True: np.zeros(width, np.float32), False: np.zeros(width, np.float32)}
    totals = {True: 0.0, False: 0.0}
    for signal in signals:
        vector = offers.get((signal.target_kind, signal.target_id))
        strength = STRENGTH[signal.kind]
        if vector is not None:
            sums[strength > 0] += np.float32(abs(strength)) * vector
            totals[strength > 0] += abs(strength)
    taste = np.zeros(width, np.float32)
    if totals[True]:
        taste += sums[True] / np.float32(totals[True])
    if totals[False]:
        taste -= np.float32(REFUSED_SHARE) * sums[False] / np.float32(totals[False])
    length = float(np.linalg.norm(taste))
    return taste / np.float32(length) if length else taste
