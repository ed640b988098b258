"""Loss of a language model against its size and its training tokens."""
import numpy as np

from ._record import Law, Limit, Symbol

TRIED = np.linspace(0.1, 0.7, 13)  # exponents of the guess


def training_loss(N, D, E, A, B, alpha, beta):
    """Loss L(N, D) = E + A N^(-alpha) + B D^(-beta)."""
    return E + A * N ** (-alpha) + B * D ** (-beta)


def guess(N, D, L):
    """Exponents on a grid; for each pair the other three by linear least squares."""
    best = (np.inf,)
    for alpha in TRIED:
        for beta in TRIED:
            columns = np.stack([np.ones_like(N), N**-alpha, D**-beta], axis=1)
            linear = np.linalg.lstsq(columns / np.abs(columns).max(axis=0), L, rcond=None)[0]
            linear = linear / np.abs(columns).max(axis=0)
            cost = np.sum((columns @ linear - L) ** 2)
            best = min(best, (cost, *np.maximum(linear, 1e-6), alpha, beta))
    return dict(zip(("E", "A", "B", "alpha", "beta"), map(float, best[1:]), strict=True))


EXAMPLE = {"E": 1.8172, "A": 482.01, "B": 2085.43, "alpha": 0.3478, "beta": 0.3658}

LAW = Law(
    key="training_loss",
    title="Training loss",
    tex=r"L(N, D) = E + A\,N^{-\alpha} + B\,D^{-\beta}",
    f=training_loss,
    inputs=(
        Symbol("N", "N", "parameters of the model", "parameters", (1, np.inf)),
        Symbol("D", "D", "training tokens", "tokens", (1, np.inf)),
    ),
    output=Symbol("L", "L", "training loss", "nats per token", (0, np.inf)),
    params=(
        Symbol("E", "E", "loss that neither size nor data remove", "nats per token", (0, np.inf)),
        Symbol("A", "A", "amplitude of the term in size",
               "nats per token x parameters^alpha", (0, np.inf), log=True),
        Symbol("B", "B", "amplitude of the term in data",
               "nats per token x tokens^beta", (0, np.inf), log=True),
        Symbol("alpha", r"\alpha", "exponent of size", "1", (0, np.inf)),
        Symbol("beta", r"\beta", "exponent of data", "1", (0, np.inf)),
    ),
    guess=guess,
    example=EXAMPLE,
    domain={"N": (5e7, 2e10), "D": (3e8, 5e11)},
    limits=(
        Limit(r"$N, D \to \infty$: only $E$ remains",
              lambda f: np.isclose(f(1e60, 1e60, **EXAMPLE), 1.8172)),
        Limit(r"$D \to \infty$: $E + A\,N^{-\alpha}$",
              lambda f: np.isclose(f(1e9, 1e60, **EXAMPLE), 1.8172 + 482.01 * 10 ** (-9 * 0.3478))),
        Limit(r"$N \to \infty$: $E + B\,D^{-\beta}$",
              lambda f: np.isclose(f(1e60, 1e9, **EXAMPLE), 1.8172 + 2085.43 * 1e9**-0.3658)),
    ),
    references=("hoffmann2022training", "besiroglu2024chinchilla"),
    chapter="training_laws",
)
