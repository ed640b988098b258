"""New laws from given ones: what is left over, and a share of problems that nothing solves."""
from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from ._record import Difficulty, Law, Limit, Symbol
from ._symbols import LOSS, PI0

PI0_EXAMPLE = 0.4


def complement(law: Law, f: Callable | None = None, output: Symbol = LOSS,
               **fields: Any) -> Law:
    """The law of one minus its output, for instance the loss 1 - c(k) of a coverage.

    Parameters
    ----------
    law : Law
    f : callable, optional
        The complement with all its digits; by default 1 - law.f, which loses them near 1.
    output : Symbol
    **fields
        Fields of the record that differ: key, title, tex, limits, references, chapter.

    Examples
    --------
    >>> from scaling_utils import LAWS
    >>> float(complement(LAWS["problem_exponential"])(2, q=0.5))
    0.25
    """
    made: dict[str, Any] = {
        "key": f"{law.key}_complement", "title": f"Complement: {law.title}",
        "tex": rf"{output.tex} = 1 - \left[{_right_side(law)}\right]", "f": f or _Complement(law.f),
        "output": output, "guess": _ComplementGuess(law.guess), "difficulty": None,
        "limits": (Limit("one minus the law", partial(_adds_to_one, law)),),
    }  # fmt: skip
    return replace(law, **made | fields)


def with_ceiling(law: Law, **fields: Any) -> Law:
    """The law with a share pi0 of problems that are never solved: (1 - pi0) law.

    A law of difficulty stays one: its likelihood, starts, derivatives and limits are carried over.

    Parameters
    ----------
    law : Law
    **fields
        Fields of the record that differ: key, title, tex, example, limits, references, chapter.

    Raises
    ------
    ValueError
        If the law has a parameter pi0 already.

    Examples
    --------
    >>> from scaling_utils import LAWS
    >>> float(with_ceiling(LAWS["problem_exponential"])(2, q=0.5, pi0=0.2))
    0.6000000000000001
    """
    if PI0.name in law.names:
        raise ValueError(f"{law.key} has a ceiling already: its parameter {PI0.name}")
    made: dict[str, Any] = {
        "key": f"{law.key}_ceiling", "title": f"{law.title}, with a ceiling",
        "tex": rf"{law.tex.split(' = ')[0]} = (1 - {PI0.tex})\left[{_right_side(law)}\right]",
        "f": _Ceiling(law.f), "params": (*law.params, PI0),
        "guess": _CeilingGuess(law.guess), "example": {**law.example, PI0.name: PI0_EXAMPLE},
        "limits": (Limit(rf"${PI0.tex} = 0$ is {law.title}", partial(_is_plain, law)),
                   Limit(rf"${PI0.tex} = 1$: nothing is solved", partial(_is_nothing, law))),
        "difficulty": law.difficulty and _inflated(law.difficulty, law.key),
    }  # fmt: skip
    return replace(law, **made | fields)


def _right_side(law):
    """The formula of a law without its left side and without its definitions."""
    return law.tex.split(" = ", 1)[-1].split(r", \quad")[0]


@dataclass(frozen=True)
class _Complement:
    """1 - f, with the arguments of f."""

    f: Callable

    def __call__(self, *args, **named):
        return 1 - self.f(*args, **named)

    @property
    def __signature__(self):
        return inspect.signature(self.f)


@dataclass(frozen=True)
class _ComplementGuess:
    """The guess of a law, from one minus its output."""

    guess: Callable

    def __call__(self, *inputs_and_y):
        *inputs, y = inputs_and_y
        return self.guess(*inputs, 1 - y)


@dataclass(frozen=True)
class _Ceiling:
    """(1 - pi0) f, with pi0 as the last argument."""

    f: Callable

    def __call__(self, *args, **named):
        bound = self.__signature__.bind(*args, **named).arguments
        pi0 = bound.pop(PI0.name)
        return (1 - pi0) * self.f(**bound)

    @property
    def __signature__(self):
        plain = inspect.signature(self.f)
        last = inspect.Parameter(PI0.name, inspect.Parameter.POSITIONAL_OR_KEYWORD)
        return plain.replace(parameters=[*plain.parameters.values(), last])


@dataclass(frozen=True)
class _CeilingGuess:
    """The guess of the plain law, once a share of impossible problems is taken out."""

    guess: Callable

    def __call__(self, *inputs_and_y):
        *inputs, y = inputs_and_y
        pi0 = 0.5 * (1 - np.max(y))
        return self.guess(*inputs, np.minimum(y / (1 - pi0), 1)) | {PI0.name: float(pi0)}


def _adds_to_one(law, f):
    """Whether f and the law add up to one at the example."""
    x = law.grid(4)
    return np.allclose(f(*x, **law.example) + law.f(*x, **law.example), 1, rtol=1e-12)


def _is_plain(law, f):
    """Whether f without impossible problems is the law, at the example."""
    x = law.grid(4)
    return np.array_equal(f(*x, **law.example, pi0=0.0), law.f(*x, **law.example))


def _is_nothing(law, f):
    """Whether f is zero where all problems are impossible."""
    return np.all(f(*law.grid(4), **law.example, pi0=1.0) == 0)


def _inflated(plain: Difficulty, key: str) -> Difficulty:
    """Difficulty with a mass pi0 at success rate zero."""
    return Difficulty(
        partial(_log_pmf, plain), partial(_density, plain), partial(_starts, plain),
        plain.derivatives and partial(_derivatives, plain),
        plain.edge and partial(_edge, plain), {key: {PI0.name: 0.0}},
    )  # fmt: skip


def _log_pmf(plain, n_samples, n_correct, *params):
    """Log-likelihood of n_correct successes: impossible with pi0, else the plain law."""
    *rest, pi0 = params
    with np.errstate(divide="ignore"):  # pi0 = 0 or 1
        possible = np.log1p(-pi0) + plain.log_pmf(n_samples, n_correct, *rest)
        return np.where(n_correct == 0, np.logaddexp(np.log(pi0), possible), possible)


def _derivatives(plain, n, c, *params):
    """log_pmf up to a constant, gradient (..., p), Hessian by rows (11, 21, 22, ..., pp)."""
    *rest, pi0 = params
    base, gradient, hessian = plain.derivatives(n, c, *rest)
    left = np.maximum(1 - pi0, 1e-100)
    possible = np.log(left) + base
    with np.errstate(divide="ignore"):  # pi0 = 0
        value = np.where(c == 0, np.logaddexp(np.log(pi0), possible), possible)
    ratio = np.where(c == 0, np.exp(np.minimum(-value, 300)), 0.0)  # 1 / chance of no success
    r = np.exp(possible - value)  # chance that an unsolved problem is possible
    e, u = r / left, np.where(c == 0, -np.expm1(base) * ratio, -1 / left)
    spread, cross = r * (1 - r), np.where(c == 0, -e - r * u, 0.0)
    pairs = [(i, j) for i in range(len(gradient)) for j in range(i + 1)]
    second = (r * h + spread * gradient[i] * gradient[j]
              for h, (i, j) in zip(hessian, pairs, strict=True))  # fmt: skip
    return value, (*(r * g for g in gradient), u), (*second, *(cross * g for g in gradient), -u**2)


def _density(plain, q, *params):
    """Density of the success rate where it is positive; the mass pi0 sits at zero."""
    *rest, pi0 = params
    return (1 - pi0) * plain.density(q, *rest)


def _starts(plain, n_samples, n_correct):
    """First plain start, and half or most of the unsolved problems impossible."""
    n_samples = np.broadcast_to(n_samples, np.shape(n_correct))
    unsolved, solvable = np.mean(n_correct == 0), n_correct > 0
    first = plain.starts(n_samples, n_correct)[0] | {PI0.name: 0.01}
    if unsolved in (0, 1):
        return (first,)
    rest = plain.starts(n_samples[solvable], n_correct[solvable])[0]
    return (first, *(rest | {PI0.name: share * unsolved} for share in (0.5, 0.9)))


def _edge(plain, n_samples, n_correct, times):
    """Limits of the plain law; the share of impossible problems is then not determined."""
    found = plain.edge(n_samples, n_correct, times)
    return found and found.open(PI0.name)
