"""The arrivals of a day per quarter hour: a curve, corrected by who has come so far. Pure.

The curve says when people come; the number of registrations and the share that is expected to come say how many. While
the day runs, the total is corrected by the arrivals so far: the forecast is treated as if a tenth of the day had
already been observed exactly as forecast, and the real arrivals are added to that. This is the posterior mean of a
Poisson rate with a gamma prior (A. Gelman et al., *Bayesian Data Analysis*, 3rd edition 2013, section 2.6): early in
the day it trusts the forecast, later what it sees.

The curve can be learned from days that are over: its shares are the posterior mean of a multinomial distribution with a
Dirichlet prior (section 3.4 there), which is the built-in curve with the weight of 200 arrivals. A few arrivals hardly
change it, thousands replace it.
"""

from collections.abc import Sequence
from itertools import accumulate, pairwise

QUARTERS_PER_DAY = 96
# The weight of the forecast before anybody came, as a share of the day.
PRIOR_SHARE = 0.1
# The weight of the built-in curve against arrivals of other days, in arrivals.
CURVE_WEIGHT = 200
# Time of day and the share of all first arrivals that have come by then; straight lines in between. The morning of a
# trade fair: some queue before the doors open, most come in the first two hours, fewer after lunch.
DEFAULT_CURVE = (
    (8.0, 0.0),
    (8.5, 0.05),
    (9.0, 0.19),
    (9.5, 0.38),
    (10.0, 0.54),
    (10.5, 0.64),
    (11.0, 0.71),
    (12.0, 0.79),
    (13.0, 0.85),
    (14.0, 0.92),
    (15.0, 0.96),
    (16.0, 0.985),
    (18.0, 1.0),
)


def default_profile() -> tuple[float, ...]:
    """Return the share of a day's first arrivals in each quarter hour from midnight; they add up to 1."""
    reached = [_share_by(quarter / 4) for quarter in range(QUARTERS_PER_DAY + 1)]
    return tuple(later - earlier for earlier, later in pairwise(reached))


def learn_profile(arrivals: Sequence[int]) -> tuple[float, ...]:
    """Return the share of a day's first arrivals in each quarter hour, learned from those of days that are over."""
    weight = CURVE_WEIGHT + sum(arrivals)
    return tuple(
        (CURVE_WEIGHT * share + number) / weight for share, number in zip(default_profile(), arrivals, strict=True)
    )


def scale_of(expected: float, profile: Sequence[float], arrived: Sequence[int]) -> float:
    """Return by how much more (or less) people come than forecast, from the quarters that are over."""
    due = sum(profile[: len(arrived)])
    return (PRIOR_SHARE * expected + sum(arrived)) / (expected * (PRIOR_SHARE + due)) if expected > 0 else 1.0


def forecast_day(expected: float, profile: Sequence[float], arrived: Sequence[int], registered: int) -> list[float]:
    """Return the arrivals of every quarter: what was counted in those that are over, and a forecast of the others.

    No more people can come than are `registered`; the rest of the day is reduced to that if necessary.
    """
    rest = profile[len(arrived) :]
    scale = scale_of(expected, profile, arrived)
    coming = [expected * share * scale for share in rest]
    left = max(registered - sum(arrived), 0)
    total = sum(coming)
    if total > left:
        coming = [each * left / total for each in coming]
    return [*map(float, arrived), *coming]


def running_totals(numbers: Sequence[float]) -> list[float]:
    """Return the sums up to and including each number."""
    return list(accumulate(numbers))


def _share_by(hour: float) -> float:
    if hour <= DEFAULT_CURVE[0][0]:
        return 0.0
    for (begins, low), (ends, high) in pairwise(DEFAULT_CURVE):
        if hour <= ends:
            return low + (high - low) * (hour - begins) / (ends - begins)
    return 1.0
