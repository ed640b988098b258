"""How far best of n moves from the sampler: KL divergence, with ties at the highest score."""
import numpy as np
from scipy.special import xlogy

from ._record import Law, Limit, Symbol
from ._symbols import BEST_OF

TINY = 1e-300  # stands for no ties


def best_of_n_kl(n, s):
    """KL = P log(P/s) + Q [log n + (n-1)/n log(Q/e)], Q = (1-s)^n = 1 - P."""
    s = np.maximum(s, TINY)
    with np.errstate(divide="ignore"):  # s = 1: all samples tie
        log_below = n * np.log1p(-s)
    P, Q = -np.expm1(log_below), np.exp(log_below)
    return P * np.log(P / s) + Q * np.log(n) + (n - 1) / n * (xlogy(Q, Q) - Q)


def guess(n, kl):
    """Best share on a grid."""
    s = np.geomspace(1e-9, 1, 91)[:, None]
    best = np.argmin(np.sum((best_of_n_kl(n, s) - kl) ** 2, axis=1))
    return {"s": float(s[best, 0])}


def untied(n):
    """log n - (n - 1) / n."""
    return np.log(n) - (n - 1) / n


LAW = Law(
    key="best_of_n_kl",
    title="KL divergence of best of n",
    tex=r"\begin{gathered} \mathrm{KL} = P \log\frac{P}{s} + Q \left[\log n + \frac{n - 1}{n}"
        r" \log\frac{Q}{e}\right] , \cr Q = (1 - s)^{n} = 1 - P \end{gathered}",
    f=best_of_n_kl,
    inputs=(BEST_OF,),
    output=Symbol("KL", r"\mathrm{KL}", "divergence of best of n from the sampler", "nats",
                  (0, np.inf)),
    params=(
        Symbol("s", "s", "share of samples that tie at the highest score", "1", (0, 1), log=True),
    ),
    guess=guess,
    example={"s": 0.01},
    domain={"n": (1, 1e4)},
    limits=(
        Limit(r"$s = 0$, no ties: $\mathrm{KL} = \log n - (n - 1)/n$",
              lambda f: np.isclose(f(64.0, s=0.0), untied(64), rtol=1e-12)),
        Limit(r"$n = 1$ changes nothing: $\mathrm{KL} = 0$",
              lambda f: np.isclose(f(1.0, s=0.3), 0, atol=1e-12)),
        Limit(r"$\mathrm{KL} \to \log(1/s)$ as $n \to \infty$: ties set a ceiling",
              lambda f: np.isclose(f(1e5, s=0.01), np.log(100))),
        Limit(r"ties only lower it: $\mathrm{KL} \le \log n - (n - 1)/n$",
              lambda f: f(64.0, s=1e-4) < untied(64) and f(64.0, s=0.5) < f(64.0, s=0.01)),
        Limit("$s = 1$, a scorer that says nothing: $\\mathrm{KL} = 0$",
              lambda f: f(64.0, s=1.0) == 0),
    ),
    references=("stiennon2020learning", "beirami2024best"),
    chapter="over_optimisation",
)
