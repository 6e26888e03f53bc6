"""Logistic regression by Newton's method, for learning what features of a pair count."""

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]
_ROUNDS = 12


def learn_logistic(
    features: Matrix, labels: npt.NDArray[np.bool_], *, ridge: float = 1e-3, nonnegative: bool = False
) -> tuple[float, Matrix]:
    """Return bias and weights, without chance.

    With `nonnegative`, features whose weights would be negative are left out, until there are none.
    """
    used = np.ptp(features, axis=0) > 0
    while True:
        bias, found = _fit(features[:, used], labels, ridge)
        if not nonnegative or (found >= 0).all():
            break
        used[np.flatnonzero(used)[found < 0]] = False
    weights = np.zeros(features.shape[1])
    weights[used] = found
    return bias, weights


def _fit(features: Matrix, labels: npt.NDArray[np.bool_], ridge: float) -> tuple[float, Matrix]:
    count, width = features.shape
    columns = np.concatenate([np.ones((count, 1)), features], axis=1)
    penalty = np.diag([0.0, *[ridge * count] * width])
    found = np.zeros(width + 1)
    for _ in range(_ROUNDS):
        share = 1 / (1 + np.exp(-(columns @ found)))
        slope = columns.T @ (share - labels) + penalty @ found
        curvature = (columns * (share * (1 - share))[:, None]).T @ columns + penalty
        found = found - np.linalg.solve(curvature, slope)
    return float(found[0]), found[1:]
