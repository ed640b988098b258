"""Divergence of a rounded model from the original: halvings per bit."""
import numpy as np

from ._record import Law, Limit, Symbol


def quantisation(b, A, h):
    """Divergence D(b) = A 2^(-h b)."""
    return A * 2.0 ** (-h * b)


def guess(b, D):
    """Straight line through b and the logarithm of D."""
    inside = D > 0
    if np.unique(b[inside]).size < 2:
        return {"A": 10.0, "h": 2.0}
    slope, log_A = np.polyfit(b[inside], np.log2(D[inside]), 1)
    return {"A": float(2**log_A), "h": float(max(-slope, 0.1))}


EXAMPLE = {"A": 20.0, "h": 2.0}

LAW = Law(
    key="quantisation",
    title="Divergence of rounded weights",
    tex=r"D(b) = A\,2^{-h b}",
    f=quantisation,
    inputs=(Symbol("b", "b", "bits per weight", "bits", (0, np.inf)),),
    output=Symbol("D", "D", "mean Kullback-Leibler divergence from the original", "nats",
                  (0, np.inf)),
    params=(
        Symbol("A", "A", "divergence that the line reaches at 0 bits", "nats", (0, np.inf),
               log=True),
        Symbol("h", "h", "halvings of the divergence per bit", "1/bit", (0, np.inf)),
    ),
    guess=guess,
    example=EXAMPLE,
    domain={"b": (2, 9)},
    limits=(
        Limit("$D(0) = A$", lambda f: f(0.0, **EXAMPLE) == 20.0),
        Limit("one bit more divides $D$ by $2^{h}$, even rounding ($h = 2$) by four",
              lambda f: np.isclose(f(4.0, **EXAMPLE) / f(5.0, **EXAMPLE), 4)),
        Limit("$D$ has halved after $1 / h$ bits",
              lambda f: np.isclose(f(4.0, A=20.0, h=1.6) / f(4.625, A=20.0, h=1.6), 2)),
        Limit(r"towards 16 bits and beyond $D \to 0$",
              lambda f: f(16.0, **EXAMPLE) < 1e-8 and f(60.0, **EXAMPLE) < 1e-30),
    ),
    references=(),
    chapter="memory",
)
