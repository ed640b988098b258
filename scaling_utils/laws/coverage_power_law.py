"""Coverage as an exponentiated power law of the number of samples."""
import numpy as np

from ._record import Law, Limit, Symbol
from ._symbols import COVERAGE, K


def coverage_power_law(k, a, b):
    """Coverage c(k) = exp(-a k^(-b))."""
    return np.exp(-a * k ** (-b))


def guess(k, c):
    """Straight line through log k and log(-log c)."""
    inside = (c > 0) & (c < 1)
    if inside.sum() < 2:
        return {"a": 1.0, "b": 0.3}
    slope, intercept = np.polyfit(np.log(k[inside]), np.log(-np.log(c[inside])), 1)
    return {"a": float(np.exp(intercept)), "b": float(-slope)}


EXAMPLE = {"a": 4.1, "b": 0.34}

LAW = Law(
    key="coverage_power_law",
    title="Coverage power law",
    tex=r"c(k) = \exp\left(-a\,k^{-b}\right)",
    f=coverage_power_law,
    inputs=(K,),
    output=COVERAGE,
    params=(
        Symbol("a", "a", "minus log coverage at one sample", "1", (0, np.inf)),
        Symbol("b", "b", "exponent of minus log coverage", "1", (0, np.inf)),
    ),
    guess=guess,
    example=EXAMPLE,
    domain={"k": (1, 1e4)},
    limits=(
        Limit("$c(1) = e^{-a}$", lambda f: np.isclose(f(1.0, **EXAMPLE), np.exp(-4.1))),
        Limit(r"$c \to 1$ as $k \to \infty$", lambda f: np.isclose(f(1e60, **EXAMPLE), 1)),
        Limit(
            r"$-\log c$ falls by the factor $2^{b}$ when $k$ doubles",
            lambda f: np.isclose(np.log(f(3.0, **EXAMPLE)) / np.log(f(6.0, **EXAMPLE)), 2**0.34),
        ),
        Limit("$b = 0$: samples do not help", lambda f: f(9.0, a=1.7, b=0) == f(1.0, a=1.7, b=0)),
    ),
    references=("brown2024monkeys", "schaeffer2025monkeys"),
    chapter="coverage_power_law",
)
