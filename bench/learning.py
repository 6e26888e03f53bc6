"""Logistic regression without negative weights, for learning what features of a pair count."""

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]


def learn_logistic(
    features: Matrix,
    labels: npt.NDArray[np.bool_],
    *,
    ridge: float = 1e-3,
    nonnegative: bool = False,
    rounds: int = 600,
) -> tuple[float, Matrix]:
    """Return bias and weights by accelerated projected gradient descent (Nesterov 1983), without chance."""
    count, width = features.shape
    # The inverse of the largest curvature.
    step = 1 / (0.25 + np.linalg.norm(features, 2) ** 2 / (4 * count) + ridge)
    weights, bias = np.zeros(width), 0.0
    ahead, bias_ahead, pace = weights.copy(), bias, 1.0
    for _ in range(rounds):
        error = 1 / (1 + np.exp(-(features @ ahead + bias_ahead))) - labels
        new = ahead - step * (features.T @ error / count + ridge * ahead)
        if nonnegative:
            new = np.maximum(new, 0)
        new_bias = bias_ahead - step * error.mean()
        new_pace = (1 + np.sqrt(1 + 4 * pace**2)) / 2
        share = (pace - 1) / new_pace
        ahead, bias_ahead = new + share * (new - weights), new_bias + share * (new_bias - bias)
        weights, bias, pace = new, new_bias, new_pace
    return float(bias), weights
