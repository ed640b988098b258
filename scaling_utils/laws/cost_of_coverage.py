"""What a problem costs if coverage is to reach a target, by the coverage power law."""
import numpy as np

from ._record import Law, Limit, Symbol
from ._symbols import COVERAGE


def cost_of_coverage(c, q, a, b):
    """Cost C = q (a / (-log c))^(1 / b)."""
    with np.errstate(divide="ignore", over="ignore"):  # c = 1 takes more than a float can count
        return q * np.exp((np.log(a) - np.log(-np.log(c))) / b)


def guess(c, q, C):
    """Straight line through log(C / q) and log(-log c)."""
    inside = (c > 0) & (c < 1) & (C > 0) & (q > 0)
    if inside.sum() < 2:
        return EXAMPLE
    x, y = np.log(-np.log(c[inside])), np.log(C[inside] / q[inside])
    slope, intercept = np.polyfit(x, y, 1)
    b = -1 / slope if slope < 0 else EXAMPLE["b"]
    return {"a": float(np.exp(b * intercept)), "b": float(b)}


EXAMPLE = {"a": 1.3, "b": 0.4}

LAW = Law(
    key="cost_of_coverage",
    title="Cost of a coverage target",
    tex=r"C(c, q) = q \left(\frac{a}{-\log c}\right)^{1/b}",
    f=cost_of_coverage,
    inputs=(
        COVERAGE,
        Symbol("q", "q", "price of a sample", "cost", (0, np.inf)),
    ),
    output=Symbol("C", "C", "cost of a problem", "cost", (0, np.inf)),
    params=(
        Symbol("a", "a", "minus log coverage at one sample", "1", (0, np.inf)),
        Symbol("b", "b", "exponent of minus log coverage", "1", (0, np.inf)),
    ),
    guess=guess,
    example=EXAMPLE,
    domain={"c": (0.3, 0.95), "q": (0.01, 100)},
    limits=(
        Limit("$c = e^{-a}$ costs one sample, $C = q$",
              lambda f: np.isclose(f(np.exp(-1.3), 7.0, **EXAMPLE), 7.0)),
        Limit("in proportion to the price of a sample",
              lambda f: np.isclose(f(0.8, 6.0, **EXAMPLE), 3 * f(0.8, 2.0, **EXAMPLE))),
        Limit(r"half of $-\log c$ costs $2^{1/b}$ times as much",
              lambda f: np.isclose(f(0.9, 1.0, **EXAMPLE), 2**2.5 * f(0.81, 1.0, **EXAMPLE))),
        Limit(r"$c \to 1$ costs without bound", lambda f: f(1.0, 1.0, **EXAMPLE) == np.inf),
    ),
    references=("brown2024monkeys",),
    chapter="planner",
)
