"""Coverage when the rate of exponential decay follows a Gamma distribution."""
import numpy as np

from ._record import Law, Limit, Symbol
from ._symbols import COVERAGE, K


def gamma_exponential(k, k0, kappa):
    """Coverage c(k) = 1 - (1 + k / k0)^(-kappa)."""
    return -np.expm1(-kappa * np.log1p(k / k0))


def guess(k, y):
    """Best k0 of a grid; for each the median kappa that the points alone would give."""
    k0 = np.geomspace(0.01, 1e4, 49)[:, None]
    log_fail = np.log1p(-np.clip(y, 1e-12, 1 - 1e-12))
    kappa = np.median(-log_fail / np.log1p(k / k0), axis=1, keepdims=True)
    best = np.argmin(np.sum((gamma_exponential(k, k0, kappa) - y) ** 2, axis=1))
    return {"k0": float(k0[best, 0]), "kappa": float(kappa[best, 0])}


EXAMPLE = {"k0": 14.0, "kappa": 0.26}

LAW = Law(
    key="gamma_exponential",
    title="Gamma-mixed exponential",
    tex=r"c(k) = 1 - \left(1 + \frac{k}{k_0}\right)^{-\kappa}",
    f=gamma_exponential,
    inputs=(K,),
    output=COVERAGE,
    params=(
        Symbol("k0", "k_0", "samples at which the power law sets in", "samples", (0, np.inf),
               log=True),
        Symbol("kappa", r"\kappa", "shape of the Gamma distribution: exponent for many samples",
               "1", (0, np.inf), log=True),
    ),
    guess=guess,
    example=EXAMPLE,
    domain={"k": (1, 1e4)},
    limits=(
        Limit(
            r"$c(1) = 1 - p$ with $p = (1 + 1/k_0)^{-\kappa}$",
            lambda f: np.isclose(f(1.0, k0=4.0, kappa=2.0), 1 - 0.64),
        ),
        Limit(
            r"$1 - c \to (k_0 / k)^{\kappa}$ for $k \gg k_0$",
            lambda f: np.isclose((1 - f(1e12, **EXAMPLE)) * (1e12 / 14.0) ** 0.26, 1),
        ),
        Limit(
            r"$k_0, \kappa \to \infty$ together, independent: $c = 1 - e^{-k \kappa / k_0}$",
            lambda f: np.isclose(f(10.0, k0=1e9, kappa=1e8), 1 - np.exp(-1)),
        ),
    ),
    references=(),
    chapter="correlated_trials",
)
