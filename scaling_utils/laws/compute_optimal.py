"""Size of the model that makes best use of a budget of inference FLOPs."""
import numpy as np

from ._record import Law, Limit, Symbol


def compute_optimal(C, s, c):
    """Parameters N of the best model at C FLOPs per question, log10 C = s log10 N + c."""
    return 10.0 ** ((np.log10(C) - c) / s)


def guess(C, N):
    """Straight line through log N and log C."""
    slope, intercept = np.polyfit(np.log10(N), np.log10(C), 1)
    return {"s": float(np.clip(slope, 0.05, 20)), "c": float(intercept)}


EXAMPLE = {"s": 1.3, "c": 1.0}

LAW = Law(
    key="compute_optimal",
    title="Compute-optimal model size",
    tex=r"N_\mathrm{opt}(C) = 10^{(\log_{10} C - c) / s}",
    f=compute_optimal,
    inputs=(Symbol("C", "C", "inference budget per question", "FLOPs", (0, np.inf)),),
    output=Symbol("N_opt", r"N_\mathrm{opt}", "parameters of the best model at that budget",
                  "parameters", (0, np.inf)),
    params=(
        Symbol("s", "s", "decades of budget per decade of model size", "1", (0, np.inf), log=True),
        Symbol("c", "c", "decimal logarithm of the budget of a model of one parameter"),
    ),
    guess=guess,
    example=EXAMPLE,
    domain={"C": (1e12, 1e15)},
    limits=(
        Limit("$C = 10^{c}$: one parameter",
              lambda f: np.isclose(f(10.0, **EXAMPLE), 1)),
        Limit(r"$2^{s}$ times the budget, twice the size",
              lambda f: np.isclose(f(2**1.3 * 1e13, **EXAMPLE) / f(1e13, **EXAMPLE), 2)),
        Limit(
            "$s = 1$: size grows with the budget, and the tokens per question, "
            "$C / 2N$, stay the same",
            lambda f: np.isclose(1e13 / f(1e13, 1.0, 3.7), 1e15 / f(1e15, 1.0, 3.7)),
        ),
        Limit(
            r"$s \to \infty$ with $c = 12 - 9 s$: one size for every budget",
            lambda f: np.isclose(f(1e14, 1e6, 12 - 9e6), 1e9, rtol=1e-5),
        ),
    ),
    references=("wu2024inference",),
    chapter="compute_optimal",
)
