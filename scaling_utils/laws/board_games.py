"""Elo of the best agents of a board game against training compute and board size."""
import numpy as np

from ._record import Law, Limit, Symbol


def board_games(C, s, m_C, m_s, c_m, p_s, c_p):
    """Elo(C, s) = min(0, max(m_C log10 C + m_s s + c_m, p_s s + c_p))."""
    incline = m_C * np.log10(C) + m_s * s + c_m
    return np.minimum(0.0, np.maximum(incline, p_s * s + c_p))


def guess(C, s, elo):
    """Plateau through the lowest Elo of each size, incline through the middle of its range."""
    sizes = np.unique(s)
    lowest = np.array([elo[s == size].min() for size in sizes])
    p_s, c_p = np.polyfit(sizes, lowest, 1) if sizes.size > 1 else (0.0, lowest[0])
    share = elo / np.interp(s, sizes, np.minimum(lowest, -1e-9))
    middle = (share > 0.1) & (share < 0.9)
    use = middle if middle.sum() > 3 else np.full(s.shape, True)
    columns = np.stack([np.log10(C), s, np.ones_like(s)], axis=1)
    m_C, m_s, c_m = np.linalg.lstsq(columns[use], elo[use], rcond=None)[0]
    values = dict(m_C=m_C, m_s=m_s, c_m=c_m, p_s=p_s, c_p=c_p)
    return {name: float(value) for name, value in values.items()}


EXAMPLE = {"m_C": 510.0, "m_s": -430.0, "c_m": -4400.0, "p_s": -270.0, "c_p": 570.0}

LAW = Law(
    key="board_games",
    title="Elo against training compute and board size",
    tex=r"\mathrm{Elo} = \min\bigl(0, \max(I, P)\bigr), \quad I = m_C \log_{10} C + m_s s + c_m, "
        r"\quad P = p_s s + c_p",
    f=board_games,
    inputs=(
        Symbol("C", "C", "training compute", "FLOPs", (0, np.inf)),
        Symbol("s", "s", "side of the board", "1", (1, np.inf)),
    ),
    output=Symbol("Elo", r"\mathrm{Elo}", "best Elo at this compute; 0 is perfect play", "Elo",
                  (-np.inf, 0)),
    params=(
        Symbol("m_C", "m_C", "incline, per decade of compute", "Elo"),
        Symbol("m_s", "m_s", "incline, per board size", "Elo"),
        Symbol("c_m", "c_m", "incline, constant", "Elo"),
        Symbol("p_s", "p_s", "plateau, per board size", "Elo"),
        Symbol("c_p", "c_p", "plateau, constant", "Elo"),
    ),
    guess=guess,
    example=EXAMPLE,
    domain={"C": (1e9, 1e17), "s": (3, 9)},
    limits=(
        Limit("little compute leaves the plateau $p_s s + c_p$",
              lambda f: f(1.0, 7.0, **EXAMPLE) == -270 * 7 + 570),
        Limit(r"$C \to \infty$: perfect play, 0", lambda f: f(1e40, 9.0, **EXAMPLE) == 0),
        Limit("between the two, a decade of compute adds $m_C$",
              lambda f: np.isclose(f(1e14, 7.0, **EXAMPLE) - f(1e13, 7.0, **EXAMPLE), 510)),
        Limit("between the two, a board size adds $m_s$",
              lambda f: np.isclose(f(1e13, 7.0, **EXAMPLE) - f(1e13, 6.0, **EXAMPLE), -430)),
        Limit(r"$s = 0$ and $C = 1$ on the incline: $c_m$",
              lambda f: f(1.0, 0.0, **EXAMPLE | {"c_p": -9e9}) == -4400),
        Limit("perfect play takes $10^{-m_s/m_C}$ times the compute per board size",
              lambda f: np.isclose(f(1e14, 8.0, **EXAMPLE),
                                   f(1e14 * 10 ** (430 / 510), 9.0, **EXAMPLE))),
    ),
    references=("jones2021scaling",),
    chapter="board_games",
)
