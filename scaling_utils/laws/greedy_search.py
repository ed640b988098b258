"""Success rate of one choice under a temperature, from the greedy choice to the even one."""
import numpy as np
from scipy.special import expit, logit

from ._record import Law, Limit, Symbol


def greedy_search(T, q, m):
    """Tempered success rate q_T = 1 / [1 + m^(1 - 1/T) ((1 - q)/q)^(1/T)]."""
    return expit(logit(q) / T - (1 - 1 / T) * np.log(m))


def guess(T, q_T):
    """Straight line: logit q_T = (logit q + log m) / T - log m."""
    inside = (q_T > 1e-9) & (q_T < 1 - 1e-9)
    if np.unique(T[inside]).size < 2:
        return {"q": 0.5, "m": 2.0}
    slope, intercept = np.polyfit(1 / T[inside], logit(q_T[inside]), 1)
    m = float(np.clip(np.exp(-intercept), 1.0, 1e6))
    return {"q": float(np.clip(expit(slope - np.log(m)), 1e-6, 1 - 1e-6)), "m": m}


EXAMPLE = {"q": 0.3, "m": 5.0}

LAW = Law(
    key="greedy_search",
    title="Tempered success rate",
    tex=r"q_T = \frac{1}{1 + m^{1 - 1/T} \left(\frac{1 - q}{q}\right)^{1/T}}",
    f=greedy_search,
    inputs=(Symbol("T", "T", "temperature of sampling", "1", (0, np.inf)),),
    output=Symbol("q_T", "q_T", "success rate of one choice at temperature $T$", "1", (0, 1)),
    params=(
        Symbol("q", "q", "success rate at temperature one", "1", (0, 1)),
        Symbol("m", "m", "wrong alternatives, all alike", "1", (1, np.inf), log=True),
    ),
    guess=guess,
    example=EXAMPLE,
    domain={"T": (0.25, 4)},
    limits=(
        Limit("$q_1 = q$", lambda f: np.isclose(f(1.0, **EXAMPLE), 0.3)),
        Limit(
            "greedy, $T \\to 0$: right if $q$ exceeds $(1 - q) / m$, else wrong",
            lambda f: np.allclose(f(1e-3, q=np.array([0.17, 0.16]), m=5.0), [1, 0]),
        ),
        Limit("$T \\to \\infty$: all alike, $q_T \\to 1 / (m + 1)$",
              lambda f: np.isclose(f(1e9, **EXAMPLE), 1 / 6)),
        Limit(
            "$m = 1$: the odds are raised to the power $1/T$",
            lambda f: np.isclose(f(0.5, q=0.75, m=1.0), 9 / 10),
        ),
    ),
    references=(),
    chapter="greedy_search",
)
