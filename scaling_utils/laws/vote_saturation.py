"""Error that falls to a floor as a power of the number of samples."""
import numpy as np

from ._record import Law, Limit, Symbol
from ._symbols import K


def vote_saturation(k, e_inf, A, b):
    """Error e(k) = e_inf + A k^(-b)."""
    return e_inf + A * k ** (-b)


def guess(k, e):
    """Best of a few exponents, floor and size by linear least squares for each."""
    def line(b):
        design = np.stack([np.ones_like(k), k ** -b], axis=1)
        values, *_ = np.linalg.lstsq(design, e, rcond=None)
        return np.sum((design @ values - e) ** 2), values, b

    _, (e_inf, A), b = min((line(b) for b in (0.1, 0.2, 0.4, 0.7, 1.0, 1.5)), key=lambda x: x[0])
    return {"e_inf": float(np.clip(e_inf, 1e-3, 1 - 1e-3)), "A": float(A), "b": b}


EXAMPLE = {"e_inf": 0.52, "A": 0.22, "b": 0.46}

LAW = Law(
    key="vote_saturation",
    title="Saturation of a vote",
    tex=r"e(k) = e_\infty + A\,k^{-b}",
    f=vote_saturation,
    inputs=(K,),
    output=Symbol("e", "e", "share of problems answered wrong", "1", (0, 1)),
    params=(
        Symbol("e_inf", r"e_\infty", "error that no number of samples removes", "1", (0, 1)),
        Symbol("A", "A", "error that samples remove, from one on"),
        Symbol("b", "b", "exponent of the error that samples remove", "1", (0, np.inf), log=True),
    ),
    guess=guess,
    example=EXAMPLE,
    domain={"k": (1, 256)},
    limits=(
        Limit(r"$e(1) = e_\infty + A$", lambda f: np.isclose(f(1.0, **EXAMPLE), 0.74)),
        Limit(r"$e \to e_\infty$ as $k \to \infty$",
              lambda f: np.isclose(f(1e40, **EXAMPLE), 0.52)),
        Limit(
            r"$e - e_\infty$ falls by the factor $2^{b}$ when $k$ doubles",
            lambda f: np.isclose((f(4.0, **EXAMPLE) - 0.52) / (f(8.0, **EXAMPLE) - 0.52), 2**0.46),
        ),
        Limit("$A < 0$: samples hurt", lambda f: f(9.0, 0.6, -0.1, 0.5) > f(1.0, 0.6, -0.1, 0.5)),
    ),
    references=(),
    chapter="vote_saturation",
)
