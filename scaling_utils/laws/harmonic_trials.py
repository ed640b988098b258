"""Coverage when the j-th sample is worth j^(-kappa) of an independent one."""
import numpy as np
from scipy.special import exprel, zeta

from ._forms import TrialsGuess, solved
from ._record import Law, Limit, Symbol
from ._symbols import COVERAGE, K, P

FIRST = 6  # terms summed one by one; the series for the rest is then good to 1e-11
BERNOULLI = (1 / 12, -1 / 720, 1 / 30240, -1 / 1209600, 1 / 47900160)  # B_2m / (2m)!


def harmonic(k, kappa):
    """Generalised harmonic number H(k, kappa) = sum of j^(-kappa) to k, for real k >= 0 too."""
    head = sum(j**-kappa - (k + j) ** -kappa for j in range(1, FIRST + 1))
    a, b = FIRST + 1.0, FIRST + 1.0 + k
    log_ratio = np.log(b / a)
    integral = a ** (1 - kappa) * log_ratio * exprel((1 - kappa) * log_ratio)
    return head + integral + _tail(a, kappa) - _tail(b, kappa)


def _tail(a, s):
    """Euler-Maclaurin: sum of j^(-s) from a, minus the integral."""
    total, rising = 0.5, s / a
    for m, coefficient in enumerate(BERNOULLI):
        total = total + coefficient * rising
        rising = rising * (s + 2 * m + 1) * (s + 2 * m + 2) / a**2
    return a**-s * total


def harmonic_trials(k, p, kappa):
    """Coverage c(k) = 1 - p^H(k, kappa)."""
    return solved(harmonic(k, kappa), p)


EXAMPLE = {"p": 0.95, "kappa": 0.83}

LAW = Law(
    key="harmonic_trials",
    title="Generalised-harmonic trials",
    tex=r"c(k) = 1 - p^{\,H_{k,\kappa}}, \quad H_{k,\kappa} = \sum_{j=1}^{k} j^{-\kappa}",
    f=harmonic_trials,
    inputs=(K,),
    output=COVERAGE,
    params=(
        P,
        Symbol("kappa", r"\kappa", "how fast later samples lose weight: the $j$-th counts "
               r"$j^{-\kappa}$", "1", (0, np.inf)),
    ),
    guess=TrialsGuess(harmonic, "kappa", np.linspace(0.05, 2.05, 21)),
    example=EXAMPLE,
    domain={"k": (1, 1e4)},
    limits=(
        Limit("$c(1) = 1 - p$", lambda f: np.isclose(f(1.0, **EXAMPLE), 0.05)),
        Limit(
            r"$\kappa = 0$, independent samples: $c = 1 - p^{k}$",
            lambda f: np.isclose(f(7.0, p=0.95, kappa=0.0), 1 - 0.95**7),
        ),
        Limit(
            r"$\kappa = 1$: $1 - c \to p^{\gamma}\,k^{-\log(1/p)}$, $\gamma$ Euler's constant",
            lambda f: np.isclose((1 - f(1e9, p=0.6, kappa=1.0)) * 1e9 ** -np.log(0.6),
                                 0.6**np.euler_gamma, rtol=1e-8),
        ),
        Limit(
            r"$\kappa > 1$: $c \to 1 - p^{\zeta(\kappa)}$, a ceiling",
            lambda f: np.isclose(f(1e15, p=0.6, kappa=2.5), 1 - 0.6 ** zeta(2.5)),
        ),
    ),
    references=(),
    chapter="correlated_trials",
)
