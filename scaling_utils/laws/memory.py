"""Memory of a program that writes: weights, a constant, and a multiple of the cache."""
import numpy as np

from ._record import Law, Limit, Symbol


def memory(V, K, o, s):
    """Bytes M = V + o + s K."""
    return V + o + s * K


def guess(V, K, M):
    """Straight line through what the weights leave, kept positive."""
    left = M - V
    if np.unique(K).size < 2:
        return {"o": float(max(np.mean(left) / 2, 1.0)), "s": 1.0}
    s, o = np.polyfit(K, left, 1)
    return {"o": float(max(o, 1e-3 * np.min(M))), "s": float(max(s, 0.1))}


EXAMPLE = {"o": 3e9, "s": 1.6}

LAW = Law(
    key="memory",
    title="Memory of a batch",
    tex=r"M = V + o + s\,K",
    f=memory,
    inputs=(
        Symbol("V", "V", "bytes of the weights", "bytes", (0, np.inf)),
        Symbol("K", "K", "bytes of the cache of all sequences", "bytes", (0, np.inf)),
    ),
    output=Symbol("M", "M", "memory used", "bytes", (0, np.inf)),
    params=(
        Symbol("o", "o", "what the program takes whatever the batch", "bytes", (0, np.inf),
               log=True),
        Symbol("s", "s", "bytes taken per byte of cache", "1", (0, np.inf), log=True),
    ),
    guess=guess,
    example=EXAMPLE,
    domain={"V": (1e9, 1e11), "K": (1e8, 1e11)},
    limits=(
        Limit("no sequences: weights and the constant, $V + o$",
              lambda f: f(2e9, 0.0, **EXAMPLE) == 5e9),
        Limit("nothing but weights and cache: $o = 0$, $s = 1$ give $V + K$",
              lambda f: f(2e9, 7e9, o=0.0, s=1.0) == 9e9),
        Limit("a byte of cache takes $s$ bytes",
              lambda f: np.isclose(f(2e9, 8e9, **EXAMPLE) - f(2e9, 7e9, **EXAMPLE), 1.6e9)),
        Limit("a byte of weights takes one, whatever $s$",
              lambda f: np.isclose(f(3e9, 8e9, **EXAMPLE) - f(2e9, 8e9, **EXAMPLE), 1e9)),
    ),
    references=("scalingbook2025inference", "pope2022efficiently"),
    chapter="memory",
)
