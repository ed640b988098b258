"""One problem: the chance of at least one success in k independent samples."""
import numpy as np

from ._record import Law, Limit, Symbol
from ._symbols import K


def problem_exponential(k, q):
    """Chance of success pass_i(k) = 1 - (1 - q)^k."""
    with np.errstate(divide="ignore"):  # q = 1 is solved at once
        return -np.expm1(k * np.log1p(-q))


def guess(k, y):
    """Median of the rates that each point alone would give."""
    inside = np.clip(y, 1e-12, 1 - 1e-12)
    return {"q": float(np.median(-np.expm1(np.log1p(-inside) / k)))}


LAW = Law(
    key="problem_exponential",
    title="Exponential law of one problem",
    tex=r"\mathrm{pass}_i(k) = 1 - (1 - q_i)^{k}",
    f=problem_exponential,
    inputs=(K,),
    output=Symbol("pass_i", r"\mathrm{pass}_i", "chance that problem i is solved", "1", (0, 1)),
    params=(Symbol("q", "q_i", "success rate of problem i in one sample", "1", (0, 1)),),
    guess=guess,
    example={"q": 0.02},
    domain={"k": (1, 500)},
    limits=(
        Limit(r"$\mathrm{pass}_i(1) = q_i$", lambda f: np.isclose(f(1.0, q=0.02), 0.02)),
        Limit(
            r"the failure after $2k$ samples is the square of that after $k$",
            lambda f: np.isclose(1 - f(80.0, q=0.02), (1 - f(40.0, q=0.02)) ** 2),
        ),
        Limit(
            r"$\mathrm{pass}_i \approx k\,q_i$ while $k\,q_i \ll 1$",
            lambda f: np.isclose(f(10.0, q=1e-9), 1e-8),
        ),
    ),
    references=("schaeffer2025monkeys",),
    chapter="difficulty_mixture",
)
