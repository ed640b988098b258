"""Time of one decoding step: an overhead, and the longer of moving bytes and doing sums."""
import numpy as np

from ._record import Law, Limit, Symbol


def single_token(M, C, t_o, W, Phi):
    """Seconds t(M, C) = t_o + max(M / W, C / Phi)."""
    return t_o + np.maximum(M / W, C / Phi)


def guess(M, C, t):
    """Overhead below the shortest step; speeds that no step exceeds."""
    t_o = 0.5 * np.min(t)
    return {"t_o": float(t_o), "W": float(np.max(M / (t - t_o))),
            "Phi": float(np.max(C / (t - t_o)))}


EXAMPLE = {"t_o": 0.002, "W": 1.6e12, "Phi": 2e14}

LAW = Law(
    key="single_token",
    title="Time of a token",
    tex=r"t(M, C) = t_{\mathrm{over}} + \max\left(\frac{M}{W}, \frac{C}{\Phi}\right)",
    f=single_token,
    inputs=(
        Symbol("M", "M", "bytes that a step reads", "bytes", (0, np.inf)),
        Symbol("C", "C", "operations of a step", "FLOPs", (0, np.inf)),
    ),
    output=Symbol("t", "t", "time of a step", "s", (0, np.inf)),
    params=(
        Symbol("t_o", r"t_{\mathrm{over}}", "overhead: what a step takes besides", "s", (0, np.inf),
               log=True),
        Symbol("W", "W", "bandwidth of the memory", "bytes/s", (0, np.inf)),
        Symbol("Phi", r"\Phi", "speed of the sums", "FLOPs/s", (0, np.inf)),
    ),
    guess=guess,
    example=EXAMPLE,
    domain={"M": (1e9, 1e11), "C": (1e10, 2e13)},
    limits=(
        Limit(r"nothing to read, nothing to add: the overhead $t_{\mathrm{over}}$",
              lambda f: f(0.0, 0.0, **EXAMPLE) == 0.002),
        Limit(r"few sums: the bytes set the time, $t_{\mathrm{over}} + M / W$",
              lambda f: np.isclose(f(1.6e12, 1.0, **EXAMPLE), 1.002)),
        Limit(r"few bytes: the sums set the time, $t_{\mathrm{over}} + C / \Phi$",
              lambda f: np.isclose(f(1.0, 4e14, **EXAMPLE), 2.002)),
        Limit(r"both take as long where $C / M = \Phi / W$",
              lambda f: f(1.6e9, 2e11, **EXAMPLE) == f(1.6e9, 0.0, **EXAMPLE)
              == f(0.0, 2e11, **EXAMPLE)),
    ),
    references=("kaplan2020scaling", "pope2022efficiently", "scalingbook2025inference"),
    chapter="single_token",
)
