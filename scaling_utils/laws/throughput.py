"""Tokens per second of a batch: the weights are read once a step, the rest grows with the batch."""
import numpy as np

from ._record import Law, Limit, Symbol


def throughput(B, t_0, s):
    """Tokens per second X(B) = B / (t_0 + s B)."""
    return B / (t_0 + s * B)


def guess(B, X):
    """Straight line through the time of a step, B / X, kept positive."""
    if np.unique(B).size < 2:
        return {"t_0": float(np.mean(B / X)), "s": float(np.mean(1 / X)) / 10}
    s, t_0 = np.polyfit(B, B / X, 1)
    return {"t_0": float(max(t_0, 0.1 * np.min(B / X))), "s": float(max(s, 0.01 * np.min(1 / X)))}


EXAMPLE = {"t_0": 0.0097, "s": 0.000385}

LAW = Law(
    key="throughput",
    title="Throughput of a batch",
    tex=r"X(B) = \frac{B}{t_0 + s\,B}",
    f=throughput,
    inputs=(Symbol("B", "B", "sequences at once", "sequences", (0, np.inf)),),
    output=Symbol("X", "X", "tokens of the whole batch per second", "tokens/s", (0, np.inf)),
    params=(
        Symbol("t_0", "t_0", "time of a step that the batch shares", "s", (0, np.inf), log=True),
        Symbol("s", "s", "time that each sequence adds to a step", "s", (0, np.inf), log=True),
    ),
    guess=guess,
    example=EXAMPLE,
    domain={"B": (1, 256)},
    limits=(
        Limit("$X(1) = 1 / (t_0 + s)$",
              lambda f: np.isclose(f(1.0, **EXAMPLE), 1 / (0.0097 + 0.000385))),
        Limit("small batches: $X = B / t_0$",
              lambda f: np.isclose(f(1e-9, **EXAMPLE), 1e-9 / 0.0097)),
        Limit(r"$X \to 1 / s$ as $B \to \infty$",
              lambda f: np.isclose(f(1e15, **EXAMPLE), 1 / 0.000385)),
        Limit("half of that at $B = t_0 / s$",
              lambda f: np.isclose(f(0.0097 / 0.000385, **EXAMPLE), 0.5 / 0.000385)),
        Limit(r"total speed and speed per sequence share one second: $s\,X + t_0\,X / B = 1$",
              lambda f: np.isclose((0.000385 + 0.0097 / 7) * f(7.0, **EXAMPLE), 1)),
    ),
    references=("scalingbook2025inference", "pope2022efficiently"),
    chapter="throughput",
)
