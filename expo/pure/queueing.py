"""How many lanes a gate needs so that nobody waits long: the queueing model M/M/c, solved with Erlang's C formula.

Arrivals at random (Poisson), service times at random (exponential), `lanes` equal lanes and one queue. The formulas are
those of A. K. Erlang (1917) as given by L. Kleinrock, *Queueing Systems*, volume 1 (Wiley 1975), section 3.8; Erlang B
is computed by its recursion (R. B. Cooper, *Introduction to Queueing Theory*, 2nd edition 1981, section 3.3), which
neither overflows nor cancels. Real service times vary less than exponential ones, so the model errs on the side of
more lanes.
"""

import math

# No gate has more lanes, and the search ends.
MAX_LANES = 500


def waiting_probability(lanes: int, load: float) -> float:
    """Return the probability that an arrival must wait (Erlang C). `load` is arrivals × service time, in lanes.

    1 if the load is at least the number of lanes: the queue then grows without end.
    """
    if load <= 0:
        return 0.0
    if load >= lanes:
        return 1.0
    blocking = 1.0
    for count in range(1, lanes + 1):
        blocking = load * blocking / (count + load * blocking)
    return lanes * blocking / (lanes - load * (1 - blocking))


def share_served_within(lanes: int, arrivals_per_minute: float, service_seconds: float, wait_minutes: float) -> float:
    """Return the share of people who wait at most `wait_minutes`."""
    service_minutes = service_seconds / 60
    load = arrivals_per_minute * service_minutes
    if load >= lanes:
        return 0.0
    return 1 - waiting_probability(lanes, load) * math.exp(-(lanes - load) * wait_minutes / service_minutes)


def lanes_needed(arrivals_per_minute: float, service_seconds: float, wait_minutes: float, share: float) -> int:
    """Return the fewest lanes at which `share` of the people wait at most `wait_minutes`; 0 if nobody comes."""
    if arrivals_per_minute <= 0:
        return 0
    lanes = math.floor(arrivals_per_minute * service_seconds / 60) + 1
    while lanes < MAX_LANES and share_served_within(lanes, arrivals_per_minute, service_seconds, wait_minutes) < share:
        lanes += 1
    return min(lanes, MAX_LANES)
