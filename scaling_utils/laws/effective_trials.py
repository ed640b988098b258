"""Coverage when k correlated samples are worth k^kappa independent ones."""
import numpy as np

from ._forms import TrialsGuess, solved
from ._record import Law, Limit, Symbol
from ._symbols import COVERAGE, K, P


def trials(k, kappa):
    """Effective number of trials k^kappa."""
    return k**kappa


def effective_trials(k, p, kappa):
    """Coverage c(k) = 1 - p^(k^kappa)."""
    return solved(trials(k, kappa), p)


EXAMPLE = {"p": 0.94, "kappa": 0.37}

LAW = Law(
    key="effective_trials",
    title="Effective trials",
    tex=r"c(k) = 1 - p^{\,k^{\kappa}}",
    f=effective_trials,
    inputs=(K,),
    output=COVERAGE,
    params=(
        P,
        Symbol("kappa", r"\kappa", "exponent of the effective number of trials", "1", (0, 1)),
    ),
    guess=TrialsGuess(trials, "kappa", np.linspace(0.05, 0.95, 19)),
    example=EXAMPLE,
    domain={"k": (1, 1e4)},
    limits=(
        Limit("$c(1) = 1 - p$", lambda f: np.isclose(f(1.0, **EXAMPLE), 0.06)),
        Limit(
            r"$\kappa = 1$, independent samples: $c = 1 - p^{k}$",
            lambda f: np.isclose(f(7.0, p=0.95, kappa=1.0), 1 - 0.95**7),
        ),
        Limit(
            r"$\kappa = 0$, one sample repeated: $c = 1 - p$ for all $k$",
            lambda f: np.isclose(f(1e9, p=0.95, kappa=0.0), 0.05),
        ),
        Limit(
            r"$\log(1 - c)$ grows by the factor $2^{\kappa}$ when $k$ doubles",
            lambda f: np.isclose(np.log(1 - f(20.0, **EXAMPLE)) / np.log(1 - f(10.0, **EXAMPLE)),
                                 2**0.37),
        ),
    ),
    references=(),
    chapter="correlated_trials",
)
