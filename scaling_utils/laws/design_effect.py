"""Coverage if k correlated samples were worth as many independent ones as for a mean."""
import numpy as np

from ._forms import TrialsGuess, solved
from ._record import Law, Limit, Symbol
from ._symbols import COVERAGE, K, P


def trials(k, rho):
    """Effective sample size k / (1 + (k - 1) rho)."""
    return k / (1 + (k - 1) * rho)


def design_effect(k, p, rho):
    """Coverage c(k) = 1 - p^(k / (1 + (k - 1) rho))."""
    return solved(trials(k, rho), p)


EXAMPLE = {"p": 0.97, "rho": 0.01}

LAW = Law(
    key="design_effect",
    title="Design effect",
    tex=r"c(k) = 1 - p^{\,k / [1 + (k - 1)\rho]}",
    f=design_effect,
    inputs=(K,),
    output=COVERAGE,
    params=(P, Symbol("rho", r"\rho", "correlation that the design effect assumes", "1", (0, 1))),
    guess=TrialsGuess(trials, "rho", np.geomspace(1e-5, 0.9, 41)),
    example=EXAMPLE,
    domain={"k": (1, 1e4)},
    limits=(
        Limit("$c(1) = 1 - p$", lambda f: np.isclose(f(1.0, **EXAMPLE), 0.03)),
        Limit(
            r"$\rho = 0$, independent samples: $c = 1 - p^{k}$",
            lambda f: np.isclose(f(7.0, p=0.97, rho=0.0), 1 - 0.97**7),
        ),
        Limit(
            r"$\rho = 1$, one sample repeated: $c = 1 - p$ for all $k$",
            lambda f: np.isclose(f(50.0, p=0.97, rho=1.0), 0.03),
        ),
        Limit(
            r"$c \to 1 - p^{1/\rho}$, a ceiling",
            lambda f: np.isclose(f(1e12, **EXAMPLE), 1 - 0.97**100),
        ),
    ),
    references=("bay2026sampling",),
    chapter="correlated_trials",
)
