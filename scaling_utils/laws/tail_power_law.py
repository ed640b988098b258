"""What a power-law tail of success rates near zero leaves unsolved after many samples."""
import numpy as np
from scipy.special import gamma

from ._record import Law, Limit, Symbol
from ._symbols import K


def tail_power_law(k, C, b):
    """Unsolved share F(k) = C Gamma(b) k^(-b)."""
    return C * gamma(b) * k ** (-b)


def guess(k, F):
    """Straight line through log k and log F."""
    slope, intercept = np.polyfit(np.log(k), np.log(F), 1)
    b = float(np.clip(-slope, 1e-3, 20))
    return {"C": float(np.exp(intercept) / gamma(b)), "b": b}


EXAMPLE = {"C": 0.4, "b": 0.3}

LAW = Law(
    key="tail_power_law",
    title="Tail law of aggregate failure",
    tex=r"F(k) = C\,\Gamma(b)\,k^{-b}",
    f=tail_power_law,
    inputs=(K,),
    output=Symbol(
        "F", "F", "share of problems unsolved; minus log coverage where small", "1", (0, np.inf)
    ),
    params=(
        Symbol("C", "C", "amplitude of the density near zero, $C\\,q^{b-1}$", "1", (0, np.inf)),
        Symbol("b", "b", "tail index of the success rates", "1", (0, np.inf)),
    ),
    guess=guess,
    example=EXAMPLE,
    domain={"k": (10, 1e5)},
    limits=(
        Limit(
            "$b = 1$, a finite density at zero: $F = C / k$",
            lambda f: f(50.0, C=2.0, b=1) == 0.04,
        ),
        Limit(
            "$F$ falls by the factor $2^{b}$ when $k$ doubles",
            lambda f: np.isclose(f(8.0, **EXAMPLE) / f(16.0, **EXAMPLE), 2**0.3),
        ),
        Limit(
            r"equals $\int_0^\infty C q^{b-1} e^{-kq}\,dq$: at $b = 2$, $C / k^2$",
            lambda f: np.isclose(f(3.0, C=1.0, b=2.0), 1 / 9),
        ),
    ),
    references=("schaeffer2025monkeys",),
    chapter="difficulty_mixture",
)
