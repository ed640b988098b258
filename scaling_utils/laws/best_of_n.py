"""Best of n when a rare sample deceives the scorer: a finite optimal n."""
import numpy as np

from ._record import Law, Limit, Symbol
from ._symbols import BEST_OF


@np.errstate(divide="ignore", invalid="ignore")  # a rate of one is certain at once
def best_of_n(n, q, f):
    """Accuracy A(n) = (1 - f)^n [1 - (1 - q)^n]."""
    return np.exp(n * np.log1p(-f)) * -np.expm1(n * np.log1p(-q))


def optimal_n(q, f):
    """The n where A(n) is largest: log(1 + b/a) / b, a = -log(1 - f), b = -log(1 - q)."""
    a, b = -np.log1p(-f), -np.log1p(-q)
    return np.log1p(b / a) / b


def guess(n, y):
    """Best pair on a grid of both rates."""
    rates = np.geomspace(1e-5, 0.9, 61)
    q, f = (axis.reshape(-1, 1) for axis in np.meshgrid(rates, rates))
    best = np.argmin(np.sum((best_of_n(n, q, f) - y) ** 2, axis=1))
    return {"q": float(q[best, 0]), "f": float(f[best, 0])}


EXAMPLE = {"q": 0.05, "f": 0.002}

LAW = Law(
    key="best_of_n",
    title="Best of n with false positives",
    tex=r"A(n) = (1 - f)^{n}\left[1 - (1 - q)^{n}\right]",
    f=best_of_n,
    inputs=(BEST_OF,),
    output=Symbol("A", "A", "chance that the chosen sample is correct", "1", (0, 1)),
    params=(
        Symbol("q", "q", "success rate of samples that are no false positives", "1", (0, 1)),
        Symbol("f", "f", "share of false positives: wrong, and scored above all correct samples",
               "1", (0, 1)),
    ),
    guess=guess,
    example=EXAMPLE,
    domain={"n": (1, 1000)},
    limits=(
        Limit("$A(1) = (1 - f)\\,q$", lambda f: np.isclose(f(1.0, **EXAMPLE), 0.998 * 0.05)),
        Limit("$f = 0$, a perfect scorer: coverage $1 - (1 - q)^{n}$",
              lambda f: np.isclose(f(9.0, q=0.05, f=0.0), 1 - 0.95**9)),
        Limit("$q = 1$: right while no false positive is drawn, $A = (1 - f)^{n}$",
              lambda f: np.isclose(f(9.0, q=1.0, f=0.05), 0.95**9)),
        Limit(
            r"largest at $n^{*} = \log(1 + b/a) / b$, with $a = -\log(1 - f)$, $b = -\log(1 - q)$",
            lambda f: f(optimal_n(**EXAMPLE), **EXAMPLE)
            > max(f(optimal_n(**EXAMPLE) * np.array([0.99, 1.01]), **EXAMPLE)),
        ),
        Limit(r"$A \to 0$ as $n \to \infty$, if $f > 0$",
              lambda f: np.isclose(f(1e5, **EXAMPLE), 0)),
    ),
    references=("stroebl2024inference",),
    chapter="best_of_n",
)
